import type { BackfillRequest } from './backfill.ts';

/** Prometheus keeps 40 days. Some 102 000 payments in 30 of them. */
export const HISTORY_LIMITS = { days: { min: 1, max: 38 }, paymentsPerDay: 3420, seed: 1 } as const;

/** The past of so many days that one gets without further wishes. */
export function pastOf(days: number): BackfillRequest {
  return { days, seed: HISTORY_LIMITS.seed, paymentsPerDay: HISTORY_LIMITS.paymentsPerDay };
}
