import type { PastPayment } from './plan.ts';

const KINDS = ['incoming', 'quote', 'outgoing'] as const;

/**
 * The id of something of a past payment: a UUID of version 8, made of its time and number instead of chance, so that
 * ids grow with time and a database takes them fast.
 */
export function uuidOf(kind: (typeof KINDS)[number], { index, atMs }: PastPayment): string {
  const time = atMs.toString(16).padStart(12, '0');
  const number = index.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-8000-800${KINDS.indexOf(kind)}-${number}`;
}
