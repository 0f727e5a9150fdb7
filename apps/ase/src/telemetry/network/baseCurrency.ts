import { BASE_ASSET } from '../../../../../telemetry/networkCatalogue.ts';
import type { AssetRef, RatesSource } from '../../connector/types.ts';
import type { Fraction } from '../../rates/fraction.ts';

/** Above this a single amount is a mistake, not a payment: a total of it could not be exact. */
const MAX_UNITS = 2n ** 53n - 1n;

/**
 * An amount in base units (USD, scale 4), to the nearest whole one; half a unit counts as one. `sources` are asked in
 * their order: the ASE's own rates first. Undefined where none has a usable rate. Never throws.
 */
export function toBaseUnits(
  sources: readonly RatesSource[],
  { assetCode, assetScale }: AssetRef,
  units: bigint,
): bigint | undefined {
  for (const source of sources) {
    let ratio: Fraction;
    try {
      ratio = source.ratio({ assetCode, assetScale }, BASE_ASSET);
    } catch {
      continue;
    }
    const { numerator, denominator } = ratio;
    const converted = (2n * units * numerator + denominator) / (2n * denominator);
    return converted <= MAX_UNITS ? converted : undefined;
  }
  return undefined;
}
