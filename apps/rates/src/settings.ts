import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RATES } from './rates.ts';

export interface Settings {
  host: string;
  port: number;
  /** Where the day's rates are kept. */
  dayFile: string;
  plan: RatesPlan;
}

/** The settings file: where rates come from, and when. */
export interface RatesPlan extends z.infer<typeof PLAN> {}
export type RatesSourceSettings = RatesPlan['sources'][number];

/** ISO 4217; a settings file may name more. */
const ISO_CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** What the playground uses. */
const DEFAULT_SOURCES_FILE = path.resolve(import.meta.dirname, '../sources.json');

const NAME = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes');
const STATIC = z.strictObject({ name: NAME, kind: z.literal('static'), rates: RATES });
const HTTP = z.strictObject({
  name: NAME,
  kind: z.literal('http'),
  url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }),
  timeoutMs: z.int().min(100).max(60_000).default(5000),
  maxBytes: z
    .int()
    .min(100)
    .max(4 * 1024 * 1024)
    .default(256 * 1024),
});
const PLAN = z
  .strictObject({
    /** Time of the daily run, in UTC. */
    runAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 00:05')
      .default('00:05'),
    /** How long after the beginning of their day rates may be used. */
    maxAgeHours: z.int().min(24).max(168).default(48),
    /** Currencies beside those of ISO 4217. */
    currencies: z.array(z.string().regex(/^[A-Z]{3,6}$/, 'must be 3 to 6 capital letters')).default([]),
    sources: z
      .array(z.discriminatedUnion('kind', [STATIC, HTTP]))
      .min(1, 'must name a source')
      .max(16, 'must be 16 at most'),
  })
  .superRefine(({ sources, currencies }, context) => {
    const isKnown = knownCurrencies({ currencies });
    for (const [index, source] of sources.entries()) {
      if (sources.findIndex(({ name }) => name === source.name) < index) {
        context.addIssue({ code: 'custom', path: ['sources', index, 'name'], message: 'is there already' });
      }
      if (source.kind !== 'static') continue;
      const codes = Object.entries(source.rates).flatMap(([from, row]) => [from, ...Object.keys(row)]);
      for (const code of new Set(codes.filter((one) => !isKnown(one)))) {
        const message = `${code} is no currency of ISO 4217; name it in "currencies" if it is meant`;
        context.addIssue({ code: 'custom', path: ['sources', index, 'rates', code], message });
      }
    }
  });

/** Whether a code stands for a currency. */
export function knownCurrencies({ currencies }: Pick<RatesPlan, 'currencies'>): (code: string) => boolean {
  return (code) => ISO_CURRENCIES.has(code) || currencies.includes(code);
}

/** Settings from the environment and the settings file. Throws one Error that names every problem, one a line. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const problems: string[] = [];
  const file = env.RATES_SOURCES_FILE || DEFAULT_SOURCES_FILE;
  const port = Number(env.RATES_PORT || 14400);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    problems.push('RATES_PORT: must be a port between 0 and 65535');
  }
  if (!env.RATES_DAY_FILE) problems.push('RATES_DAY_FILE: is needed: where the day’s rates are kept');
  const plan = readPlan(file, problems);
  if (problems.length > 0 || plan === undefined) throw new Error(problems.join('\n'));
  return { host: env.RATES_HOST || '127.0.0.1', port, dayFile: env.RATES_DAY_FILE!, plan };
}

/** What a settings file says. Throws an error that names every problem. */
export function parsePlan(content: unknown): RatesPlan {
  const problems: string[] = [];
  const plan = checkedPlan(content, problems);
  if (plan === undefined) throw new Error(problems.join('\n'));
  return plan;
}

function readPlan(file: string, problems: string[]): RatesPlan | undefined {
  try {
    return checkedPlan(JSON.parse(readFileSync(file, 'utf8')), problems, `RATES_SOURCES_FILE ${file}: `);
  } catch (error) {
    problems.push(`RATES_SOURCES_FILE ${file}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function checkedPlan(content: unknown, problems: string[], where = ''): RatesPlan | undefined {
  const { data, error } = PLAN.safeParse(content);
  for (const issue of error?.issues ?? []) {
    problems.push(`${where}${issue.path.join('.')}: ${issue.message}`);
  }
  return data;
}
