import { feeFor, sourceWithinDebit } from '../../../apps/ase/src/payments/quoteMath.ts';
import { END_ASES } from '../topology.ts';

/** What a payment moved, in smallest units. */
export interface Money {
  /** What left the wallet, in the sender's asset: sent and fee. */
  debitUnits: bigint;
  sentUnits: bigint;
  feeUnits: bigint;
  /** What passed between the two ASEs, in what they settle in. */
  settledUnits: bigint;
  /** In the receiver's asset. */
  receivedUnits: bigint;
  packets: number;
}

/** What the ASEs take unless told otherwise (ASE_FEE_FIXED_UNITS, ASE_FEE_BASIS_POINTS). */
const FEE = { fixedUnits: 100n, basisPoints: 200n };
/** Small enough for the limit of 10 000 in either asset. */
const PACKET_UNITS = 9000n;
/** One euro in dollars, all through the past. */
const RATE = { numerator: 110n, denominator: 100n };

/**
 * A payment of an ASE with a fixed debit. The first ASE holds dollars, and so does the account between the two; the
 * second holds euros and exchanges, packet by packet, rounded down.
 */
export function moneyOf(sender: (typeof END_ASES)[number], wantedDebitUnits: bigint): Money {
  const sentUnits = sourceWithinDebit(wantedDebitUnits, FEE);
  const feeUnits = feeFor(sentUnits, FEE);
  const isFirst = sender === END_ASES[0];
  const exchange = (units: bigint) =>
    isFirst ? (units * RATE.denominator) / RATE.numerator : (units * RATE.numerator) / RATE.denominator;
  const whole = sentUnits / PACKET_UNITS;
  const rest = sentUnits % PACKET_UNITS;
  const exchangedUnits = whole * exchange(PACKET_UNITS) + exchange(rest);
  return {
    debitUnits: sentUnits + feeUnits,
    sentUnits,
    feeUnits,
    settledUnits: isFirst ? sentUnits : exchangedUnits,
    receivedUnits: exchangedUnits,
    packets: Number(whole) + (rest > 0n ? 1 : 0),
  };
}
