import type { Fraction } from '../rates/fraction.ts';

/** What a probe found out about the path to a receiver. */
export interface Path {
  /** Destination units for one source unit: what a packet of the probed size surely yields. */
  low: Fraction;
  /** Above what it can yield. */
  high: Fraction;
  /** Largest packet that the path takes, in source units. */
  maxPacketUnits: bigint;
}

export interface Fee {
  fixedUnits: bigint;
  basisPoints: bigint;
}

/** The fee for sending `sourceUnits`: a fixed part and basis points of what is sent, rounded up. */
export function feeFor(sourceUnits: bigint, fee: Fee): bigint {
  return fee.fixedUnits + divideUp(sourceUnits * fee.basisPoints, BASIS);
}

/** The most that can be sent when `debitUnits` must pay for it and its fee; 0 or less when the fee eats it all. */
export function sourceWithinDebit(debitUnits: bigint, fee: Fee): bigint {
  return ((debitUnits - fee.fixedUnits) * BASIS) / (BASIS + fee.basisPoints);
}

/** What arrives when `sourceUnits` are sent in packets of the largest size, each rounded down on its way. */
export function deliveredBy(sourceUnits: bigint, { low, maxPacketUnits }: Path): bigint {
  const packets = sourceUnits / maxPacketUnits;
  const rest = sourceUnits % maxPacketUnits;
  return packets * multiplyDown(maxPacketUnits, low) + multiplyDown(rest, low);
}

/** What must be sent so that at least `destinationUnits` arrive. Undefined when nothing ever arrives. */
export function sourceToDeliver(destinationUnits: bigint, { low, maxPacketUnits }: Path): bigint | undefined {
  const perPacket = multiplyDown(maxPacketUnits, low);
  if (perPacket === 0n) return undefined;
  const packets = destinationUnits / perPacket;
  const rest = destinationUnits % perPacket;
  return packets * maxPacketUnits + divideUp(rest * low.denominator, low.numerator);
}

const BASIS = 10_000n;

/** Rounded down. */
export const multiplyDown = (units: bigint, ratio: Fraction): bigint =>
  (units * ratio.numerator) / ratio.denominator;

export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

const divideUp = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;
