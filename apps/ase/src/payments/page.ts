import type { Ledger } from '../ledger/types.ts';
import { PaymentsError } from './errors.ts';

/** Which part of a list is wanted: `first` items after the cursor, or `last` items before it. */
export interface PageRequest {
  cursor?: string | undefined;
  first?: number | undefined;
  last?: number | undefined;
}

export interface Page<Item> {
  items: Item[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** One page of a wallet's payments, newest first. The cursor is a payment's id. Throws when it names none of the wallet's. */
export function readPage<Row extends { seq: bigint }>(
  ledger: Pick<Ledger, 'read'>,
  table: 'incoming_payments' | 'outgoing_payments',
  wallet: string,
  { cursor, first, last }: PageRequest,
): Page<Row> {
  const backwards = last !== undefined;
  const limit = last ?? first ?? DEFAULT_PAGE_SIZE;
  let edge: bigint | undefined;
  if (cursor !== undefined) {
    const row = ledger.read.get<{ seq: bigint }>(
      `SELECT seq FROM ${table} WHERE id = ? AND wallet = ?`,
      cursor,
      wallet,
    );
    if (!row) throw new PaymentsError('invalid_request', 'names no payment of this wallet', 'cursor');
    edge = row.seq;
  }
  const rows = ledger.read.all<Row>(
    `SELECT * FROM ${table} WHERE wallet = ? ${edge === undefined ? '' : `AND seq ${backwards ? '>' : '<'} ?`}
     ORDER BY seq ${backwards ? 'ASC' : 'DESC'} LIMIT ?`,
    wallet,
    ...(edge === undefined ? [] : [edge]),
    // One more than asked for tells whether there is a further page.
    BigInt(limit) + 1n,
  );
  const more = rows.length > limit;
  const items = rows.slice(0, limit);
  if (backwards) items.reverse();
  return {
    items,
    hasNextPage: backwards ? true : more,
    hasPreviousPage: backwards ? more : edge !== undefined,
  };
}
