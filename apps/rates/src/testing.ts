import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Rates, RatesDay } from './rates.ts';
import { parsePlan } from './settings.ts';

/** What the playground's own settings file says. */
export const DEFAULT_RATES: Rates = defaultRates();

/** Rates that were collected just now. */
export function dayOf(rates: Rates, nowMs = Date.now()): { day: RatesDay; nextRunMs: number } {
  const collectedAt = new Date(nowMs).toISOString();
  return { day: { date: collectedAt.slice(0, 10), collectedAt, rates }, nextRunMs: nowMs + 60_000 };
}

function defaultRates(): Rates {
  const file = path.resolve(import.meta.dirname, '../sources.json');
  const { sources } = parsePlan(JSON.parse(readFileSync(file, 'utf8')));
  const [source] = sources;
  if (source?.kind !== 'static') throw new Error(`${file} begins with no static source`);
  return source.rates;
}
