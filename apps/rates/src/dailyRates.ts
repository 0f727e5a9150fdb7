import type { DayFile } from './dayFile.ts';
import { mergeRates, onlyKnown, type Rates, type RatesDay } from './rates.ts';
import { knownCurrencies, type RatesPlan, type RatesSourceSettings } from './settings.ts';

/** The rates of today, or of the last day that went well; collected once a day. */
export interface DailyRates {
  /** Collects now unless today's are there, and then every day, until stop(). Resolves after the first try. */
  start(): Promise<void>;
  stop(): void;
  /** Throws a RatesRefused when there are none that may be used. */
  current(): { day: RatesDay; nextRunMs: number };
}

/** No rates may be used now. */
export class RatesRefused extends Error {
  readonly code: 'rates_unavailable' | 'rates_stale';
  constructor(code: RatesRefused['code'], message: string) {
    super(message);
    this.name = 'RatesRefused';
    this.code = code;
  }
}

export interface DailyRatesOptions {
  plan: RatesPlan;
  file: DayFile;
  nowMs: () => number;
  log: (level: 'info' | 'warn' | 'error', message: string) => void;
  collect?: (source: RatesSourceSettings) => Promise<Rates>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** After a run that did not go well. */
const RETRY_MS = 5 * 60_000;
/** Timers do not go on while a machine sleeps, and clocks are set: so they look at the clock now and then. */
const LOOK_MS = 60_000;

export function createDailyRates({
  plan,
  file,
  nowMs,
  log,
  collect = collectFrom,
}: DailyRatesOptions): DailyRates {
  const isKnown = knownCurrencies(plan);
  const maxAgeMs = plan.maxAgeHours * HOUR_MS;
  let day: RatesDay | undefined;
  let trouble = 'not collected yet';
  let nextRunMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** Replaces the day by today's; on failure everything stays as it was. */
  async function run(): Promise<void> {
    const startedAtMs = nowMs();
    const outcomes = await Promise.allSettled(plan.sources.map((source) => collect(source)));
    const failures = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [`${plan.sources[i]!.name}: ${reasonOf(outcome.reason)}`] : [],
    );
    for (const failure of failures) log('warn', `a source does not answer: ${failure}`);
    const tables = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const rates = onlyKnown(mergeRates(tables), isKnown);
    if (Object.keys(rates).length === 0) throw new Error(`no source has rates: ${failures.join('; ')}`);
    const next: RatesDay = {
      date: dateOf(startedAtMs),
      collectedAt: new Date(startedAtMs).toISOString(),
      rates,
    };
    await file.write(next);
    day = next;
  }

  async function runAndPlan(): Promise<void> {
    try {
      await run();
      trouble = '';
      nextRunMs = nextAfter(nowMs(), plan.runAt);
      log('info', `rates of ${day!.date}; the next at ${new Date(nextRunMs).toISOString()}`);
    } catch (error) {
      trouble = reasonOf(error);
      nextRunMs = nowMs() + RETRY_MS;
      log('error', `no new rates: ${trouble}`);
    }
  }

  async function look(): Promise<void> {
    const now = nowMs();
    // Also when the clock has been set back by more than a day.
    if (now >= nextRunMs || nextRunMs - now > DAY_MS) await runAndPlan();
    if (!stopped) timer = setTimeout(() => void look(), Math.max(1, Math.min(LOOK_MS, nextRunMs - nowMs())));
  }

  return {
    async start() {
      const kept = await file.read().catch((error) => {
        log('warn', reasonOf(error));
        return undefined;
      });
      if (kept && refusalOf(kept, nowMs(), maxAgeMs) === undefined) {
        day = { ...kept, rates: onlyKnown(kept.rates, isKnown) };
        if (kept.date === dateOf(nowMs())) nextRunMs = nextAfter(nowMs(), plan.runAt);
      }
      await look();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    current() {
      if (day === undefined) throw new RatesRefused('rates_unavailable', `There are no rates: ${trouble}`);
      const refusal = refusalOf(day, nowMs(), maxAgeMs);
      if (refusal !== undefined) {
        throw new RatesRefused('rates_stale', `${refusal}${trouble && `; no newer ones: ${trouble}`}`);
      }
      return { day, nextRunMs };
    },
  };
}

/** Why the rates of a day may not be used at a time. */
function refusalOf({ date }: RatesDay, nowMs: number, maxAgeMs: number): string | undefined {
  const ageMs = nowMs - Date.parse(date);
  if (ageMs > maxAgeMs) return `The rates of ${date} are older than ${maxAgeMs / HOUR_MS} hours`;
  if (ageMs < -HOUR_MS) return `The rates of ${date} are of the future: the clock says ${dateOf(nowMs)}`;
  return undefined;
}

/** The next time of day `HH:MM` in UTC, later than `nowMs`. */
function nextAfter(nowMs: number, time: string): number {
  const today = Date.parse(`${dateOf(nowMs)}T${time}:00Z`);
  return today > nowMs ? today : today + DAY_MS;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

async function collectFrom(source: RatesSourceSettings): Promise<Rates> {
  if (source.kind === 'static') return source.rates;
  // Loaded when it is needed: TLS alone would be a tenth of this process's memory.
  const { fetchRates } = await import('./httpSource.ts');
  return fetchRates(source.url, source);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
