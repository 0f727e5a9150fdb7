import { z } from 'zod';

/** What one whole unit of a currency costs in another, as decimal text: `rates.EUR.USD = "1.10"`. */
export type Rates = Record<string, Record<string, string>>;

/** The rates of one day, as they are kept and served. */
export interface RatesDay extends z.infer<typeof RATES_DAY> {}

const CURRENCY = z.string().regex(/^[A-Z]{3,6}$/, 'must be 3 to 6 capital letters');
const RATE = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,18})?$/, 'must be a decimal as text, such as "1.10"')
  .refine((text) => /[1-9]/.test(text), 'must be above 0');
export const RATES = z.record(CURRENCY, z.record(CURRENCY, RATE));

const RATES_DAY = z.object({
  /** The day in UTC that they were collected for. */
  date: z.iso.date(),
  collectedAt: z.iso.datetime(),
  rates: RATES.refine((rates) => Object.keys(rates).length > 0, 'has no rate'),
});

/** Every pair from the first of the tables that has it. */
export function mergeRates(tables: readonly Rates[]): Rates {
  const merged: Rates = {};
  for (const table of tables) {
    for (const [from, row] of Object.entries(table)) merged[from] = { ...row, ...merged[from] };
  }
  return merged;
}

/** The pairs between currencies that are known. */
export function onlyKnown(rates: Rates, isKnown: (currency: string) => boolean): Rates {
  const rows = Object.entries(rates).flatMap(([from, row]): [string, Record<string, string>][] => {
    const known = Object.entries(row).filter(([to]) => isKnown(to) && to !== from);
    return isKnown(from) && known.length > 0 ? [[from, Object.fromEntries(known)]] : [];
  });
  return Object.fromEntries(rows);
}

/** Throws an error that names every problem. */
export function parseDay(text: string): RatesDay {
  const parsed = RATES_DAY.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}
