import { BASE_ASSET } from '../../../../../telemetry/networkCatalogue.ts';
import type { AssetRef, RatesSource } from '../../connector/types.ts';
import type { Fraction } from '../../rates/fraction.ts';

/**
 * An amount in base units (USD, scale 4), to the nearest whole one; half a unit counts as one. Undefined where there is
 * no usable rate, and above 2^53 − 1: that is a mistake, not a payment, and no total of it could be exact. Never throws.
 */
export type BaseConversion = (asset: AssetRef, units: bigint) => number | undefined;

/** `sources` are asked for every amount, in their order: the ASE's own rates first. */
export function createBaseConversion(sources: readonly RatesSource[]): BaseConversion {
  let last: Ratio = ratioOf({ numerator: 1n, denominator: 1n });
  return (asset, units) => {
    const fraction = firstRatio(sources, asset);
    if (!fraction) return undefined;
    // Rates change once a day, as a rule: all that can be prepared is prepared once.
    if (!isSame(last.fraction, fraction)) last = ratioOf(fraction);
    return convertQuickly(last, units) ?? convert(fraction, units);
  };
}

function firstRatio(
  sources: readonly RatesSource[],
  { assetCode, assetScale }: AssetRef,
): Fraction | undefined {
  for (const source of sources) {
    try {
      return source.ratio({ assetCode, assetScale }, BASE_ASSET);
    } catch {
      // The next one may have it.
    }
  }
  return undefined;
}

const isSame = (one: Fraction, other: Fraction): boolean =>
  one.numerator === other.numerator && one.denominator === other.denominator;

/** A fraction, and in lowest terms as plain numbers. */
interface Ratio {
  fraction: Fraction;
  numerator: number;
  denominator: number;
}

function ratioOf(fraction: Fraction): Ratio {
  const { numerator, denominator } = fraction;
  const divisor = greatestCommonDivisor(numerator, denominator);
  return {
    fraction,
    numerator: Number(numerator / divisor),
    denominator: Number(denominator / divisor),
  };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/** Undefined when something on the way is above 2^53 − 1, where plain numbers are no longer exact. */
function convertQuickly({ numerator, denominator }: Ratio, units: bigint): number | undefined {
  const dividend = 2 * Number(units) * numerator + denominator;
  const divisor = 2 * denominator;
  if (!(dividend <= Number.MAX_SAFE_INTEGER && divisor <= Number.MAX_SAFE_INTEGER)) return undefined;
  return (dividend - (dividend % divisor)) / divisor;
}

function convert({ numerator, denominator }: Fraction, units: bigint): number | undefined {
  const converted = (2n * units * numerator + denominator) / (2n * denominator);
  return converted <= Number.MAX_SAFE_INTEGER ? Number(converted) : undefined;
}
