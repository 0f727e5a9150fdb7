import { MAX_TOTAL } from '../../ledger/totals.ts';

/** The total as it can be published: from 0 to the largest that every hop carries exactly. */
export function published(total: bigint): bigint {
  if (total < 0n) return 0n;
  return total > MAX_TOTAL ? MAX_TOTAL : total;
}

/** Throws a RangeError for what is no amount of a packet. */
export function checkedAmount(amountUnits: bigint): bigint {
  if (amountUnits <= 0n) throw new RangeError(`${amountUnits} is no amount of a packet`);
  return amountUnits;
}
