/** The largest amount of an ILP packet. */
export const MAX_AMOUNT = 2n ** 64n - 1n;

export interface Ratio {
  numerator: bigint;
  denominator: bigint;
}

/** Units after conversion, rounded down: what cannot be paid exactly stays with the connector, never the other way. */
export function convertUnits(units: bigint, { numerator, denominator }: Ratio): bigint {
  if (units < 0n || numerator < 0n || denominator <= 0n) throw new RangeError('Not a ratio of amounts');
  return (units * numerator) / denominator;
}

/** The largest amount that still converts to an amount that fits a packet. */
export function largestConvertible({ numerator, denominator }: Ratio): bigint {
  if (numerator === 0n) return MAX_AMOUNT;
  const largest = ((MAX_AMOUNT + 1n) * denominator - 1n) / numerator;
  return largest < MAX_AMOUNT ? largest : MAX_AMOUNT;
}
