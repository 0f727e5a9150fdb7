import { z } from 'zod';
import type { AssetRef } from '../connector/types.ts';

/** An amount as Open Payments writes it: whole smallest units, as text. */
export interface AmountJson {
  value: string;
  assetCode: string;
  assetScale: number;
}

const MAX_UNITS = 2n ** 63n - 1n;

/** The text of an amount's value: a whole number above 0 that fits into 63 bits. */
export const unitsText = z
  .string({ error: 'must be text, such as "100"' })
  .regex(/^\d+$/, 'must be a whole number of smallest units, digits only')
  .refine((text) => text.length <= 19 && BigInt(text) <= MAX_UNITS, `must not be above ${MAX_UNITS}`)
  .refine((text) => !/^0+$/.test(text), 'must be above 0')
  // Continued only after a sound check: an over-long text is never made a number.
  .transform((text) => (text.length <= 19 ? BigInt(text) : 0n));

/** An amount in any asset. */
export const amountSchema = z.strictObject({
  value: unitsText,
  assetCode: z.string().min(1).max(6),
  assetScale: z.int().min(0).max(18),
});

/** An amount in this asset only; parses to its units. */
export const amountIn = ({ assetCode, assetScale }: AssetRef) =>
  z
    .strictObject({
      value: unitsText,
      assetCode: z.literal(assetCode, { error: `must be "${assetCode}"` }),
      assetScale: z.literal(assetScale, { error: `must be ${assetScale}` }),
    })
    .transform(({ value }) => value);

/** Writes units as an amount. */
export const toAmount = (units: bigint, { assetCode, assetScale }: AssetRef): AmountJson => ({
  value: units.toString(),
  assetCode,
  assetScale,
});
