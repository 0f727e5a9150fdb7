import { z } from 'zod';
import { BASE_ASSET } from '../../../../../telemetry/networkCatalogue.ts';
import { type Fraction, parseDecimal } from '../../rates/fraction.ts';
import { createPolledRates, type PolledRates, type RateTable } from '../../rates/ratesSource.ts';

const HOUR_MS = 3_600_000;
/** A daily service may be late by a day before its rates are refused. */
const MAX_AGE_MS = 48 * HOUR_MS;
const RETRY_MS = 30_000;

/** Daily rates to USD from somebody else, for currencies that the ASE's own rates do not know. */
export function createExternalRates(options: {
  url: string;
  onChange: (problem: string | undefined) => void;
}): PolledRates {
  return createPolledRates({
    ...options,
    pollMs: HOUR_MS,
    retryMs: RETRY_MS,
    maxAgeMs: MAX_AGE_MS,
    parse: (body) => parseExternalRates(body, Date.now()),
  });
}

/**
 * Reads an answer in either form: `{base, rates: {EUR: 0.91}}`, as Rafiki's file has it (one unit of the base in
 * others), or `{date, rates: {EUR: {USD: "1.10"}}}`, as the playground's own service has it. Numbers are taken as they
 * are written, so that no digit is lost. Throws an error that names every problem.
 */
export function parseExternalRates(body: string, nowMs: number): RateTable {
  const content = parseExactly(body);
  const isOneBase = typeof content === 'object' && content !== null && 'base' in content;
  const table = isOneBase ? fromOneBase(valid(oneBase, content)) : fromPairs(valid(pairs, content), nowMs);
  if (table.size === 0) throw new Error(`answer is not valid: it has no rate to ${BASE}`);
  return table;
}

const BASE = BASE_ASSET.assetCode;
const currency = z.string().regex(/^[A-Z0-9]{3,8}$/, 'must be a currency code');
const rate = z.string().transform((text, context): Fraction => {
  const fraction = parseNumeral(text);
  if (fraction) return fraction;
  context.addIssue('must be a number above 0');
  return z.NEVER;
});
const oneBase = z.object({ base: currency, rates: z.record(currency, rate) });
const pairs = z.object({ date: z.iso.date(), rates: z.record(currency, z.record(currency, rate)) });

function valid<S extends z.ZodType>(shape: S, content: unknown): z.output<S> {
  const parsed = shape.safeParse(content);
  if (!parsed.success) throw new Error(`answer is not valid: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function fromOneBase({ base, rates }: z.output<typeof oneBase>): RateTable {
  const baseInUsd = base === BASE ? { numerator: 1n, denominator: 1n } : rates[BASE];
  if (!baseInUsd) return new Map();
  const others = Object.entries(rates).filter(([code]) => code !== base && code !== BASE);
  const table = others.map(([code, inCode]) => toUsd(code, times(baseInUsd, inverse(inCode))));
  return new Map(base === BASE ? table : [...table, toUsd(base, baseInUsd)]);
}

function fromPairs({ date, rates }: z.output<typeof pairs>, nowMs: number): RateTable {
  if (nowMs - Date.parse(date) > MAX_AGE_MS) throw new Error(`answer is not valid: its rates are of ${date}`);
  const inverted = Object.entries(rates[BASE] ?? {}).map(([code, price]) => toUsd(code, inverse(price)));
  const direct = Object.entries(rates).flatMap(([code, row]) => (row[BASE] ? [toUsd(code, row[BASE])] : []));
  return new Map([...inverted, ...direct]);
}

const toUsd = (code: string, price: Fraction): [string, Map<string, Fraction>] => [
  code,
  new Map([[BASE, price]]),
];
const inverse = ({ numerator, denominator }: Fraction): Fraction => ({
  numerator: denominator,
  denominator: numerator,
});
const times = (a: Fraction, b: Fraction): Fraction => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});

/** JSON whose numbers stay the text that they were. */
function parseExactly(body: string): unknown {
  const keepNumerals = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value;
  return JSON.parse(body, keepNumerals);
}

/** A decimal with or without an exponent of up to two digits: small rates are written so. */
function parseNumeral(text: string): Fraction | undefined {
  const [, digits = '', exponent = '0'] = /^([\d.]+)(?:[eE]([+-]?\d{1,2}))?$/.exec(text) ?? [];
  const fraction = parseDecimal(digits);
  if (!fraction) return undefined;
  const shift = Number(exponent);
  const power = 10n ** BigInt(Math.abs(shift));
  return shift < 0
    ? { ...fraction, denominator: fraction.denominator * power }
    : { ...fraction, numerator: fraction.numerator * power };
}
