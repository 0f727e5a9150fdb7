import { z } from 'zod';
import type { AssetRef } from '../connector/types.ts';

/** An amount as Open Payments writes it: whole smallest units, as text. */
export interface AmountJson {
  value: string;
  assetCode: string;
  assetScale: number;
}

const MAX_UNITS = 2n ** 63n - 1n;
const MAX_DIGITS = 19;

/** The text of an amount's value: a whole number above 0 that fits into 63 bits. */
const unitsText = z.string({ error: 'must be text, such as "100"' }).transform((text, context) => {
  const reason = reasonAgainst(text);
  if (reason === undefined) return BigInt(text);
  context.addIssue(reason);
  return z.NEVER;
});

/** An over-long text is refused by its length and never made a number. */
function reasonAgainst(text: string): string | undefined {
  if (!/^\d+$/.test(text)) return 'must be a whole number of smallest units, digits only';
  if (/^0+$/.test(text)) return 'must be above 0';
  if (text.length > MAX_DIGITS || BigInt(text) > MAX_UNITS) return `must not be above ${MAX_UNITS}`;
  return undefined;
}

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
