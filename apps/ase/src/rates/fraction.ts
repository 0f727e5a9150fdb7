import type { AssetRef } from '../connector/types.ts';

/** An exact ratio of whole numbers; the denominator is above 0. */
export interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

/** Parses a plain decimal such as "1.10" without ever making it a float. Undefined when it is not one, or not above 0. */
export function parseDecimal(text: string): Fraction | undefined {
  const match = /^(\d{1,18})(?:\.(\d{1,18}))?$/.exec(text);
  if (!match) return undefined;
  const decimals = match[2] ?? '';
  const numerator = BigInt(`${match[1]}${decimals}`);
  return numerator > 0n ? { numerator, denominator: 10n ** BigInt(decimals.length) } : undefined;
}

/** Turns a rate between whole currency units into the ratio between the smallest units of two assets. */
export function shiftScale(rate: Fraction, from: AssetRef, to: AssetRef): Fraction {
  return {
    numerator: rate.numerator * 10n ** BigInt(to.assetScale),
    denominator: rate.denominator * 10n ** BigInt(from.assetScale),
  };
}

/** The ratio between the smallest units of one currency at two scales: no rate is involved. */
export function sameAssetRatio(from: AssetRef, to: AssetRef): Fraction {
  return shiftScale({ numerator: 1n, denominator: 1n }, from, to);
}
