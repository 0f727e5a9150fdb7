import { z } from 'zod';
import { type BoundedClient, createBoundedClient } from '../boundedClient.ts';
import type { AssetRef, RatesSource } from '../connector/types.ts';
import { type Fraction, parseDecimal, sameAssetRatio, shiftScale } from './fraction.ts';

export type RatesErrorReason = 'missing' | 'stale';

/** No rate may be used now; `code` is the connector's name for it. */
export class RatesUnavailableError extends Error {
  readonly code = 'rates_unavailable';
  readonly reason: RatesErrorReason;
  constructor(reason: RatesErrorReason, message: string) {
    super(message);
    this.name = 'RatesUnavailableError';
    this.reason = reason;
  }
}

export interface PolledRates extends RatesSource {
  /** Fetches once, then again every `pollMs` until stop(). Resolves after the first try, whatever its outcome. */
  start(): Promise<void>;
  stop(): void;
  /** Every rate that may be used now, between whole currency units. */
  current(): Array<{ from: string; to: string; rate: number }>;
  status(): { ok: boolean; detail: string };
}

export interface PolledRatesOptions {
  url: string;
  pollMs: number;
  maxAgeMs: number;
  nowMs?: () => number;
  /** Told when polling starts to fail and when it recovers, not at every try. */
  onChange?: (problem: string | undefined) => void;
  /** A failed fetch is tried again after this. */
  retryMs?: number;
  /** Reads an answer; the playground's own form when left out. Throws when it is not valid. */
  parse?: (body: string) => RateTable;
}

const FETCH_TIMEOUT_MS = 3_000;
const MAX_BODY_BYTES = 256 * 1024;
// A failed fetch is tried again soon: an ASE may start a moment before the rates service.
const RETRY_MS = 500;

/** Rates from a rates service; exact, and refused rather than guessed when they are missing or too old. */
export function createPolledRates(options: PolledRatesOptions): PolledRates {
  const { nowMs = Date.now, retryMs = RETRY_MS, parse = parseRates } = options;
  const client = createBoundedClient({ timeoutMs: FETCH_TIMEOUT_MS, maxBytes: MAX_BODY_BYTES });
  let rates: RateTable | undefined;
  let fetchedAtMs = 0;
  let problem: string | undefined = 'not fetched yet';
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function poll(): Promise<void> {
    const before = problem;
    try {
      rates = parse(await fetchBody(client, options.url));
      fetchedAtMs = nowMs();
      problem = undefined;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if ((before === undefined) !== (problem === undefined)) options.onChange?.(problem);
    if (stopped) return;
    timer = setTimeout(poll, problem === undefined ? options.pollMs : Math.min(retryMs, options.pollMs));
    timer.unref();
  }

  function usable(): RateTable {
    if (!rates) {
      throw new RatesUnavailableError('missing', `No exchange rates from ${options.url}: ${problem}`);
    }
    const ageMs = nowMs() - fetchedAtMs;
    if (ageMs > options.maxAgeMs) {
      const age = `${Math.round(ageMs / 1000)} s old, ${options.maxAgeMs / 1000} s are allowed`;
      throw new RatesUnavailableError(
        'stale',
        `Exchange rates of ${options.url} are stale (${age}): ${problem}`,
      );
    }
    return rates;
  }

  return {
    start: poll,
    stop() {
      stopped = true;
      clearTimeout(timer);
      void client.close();
    },
    ratio(from: AssetRef, to: AssetRef): Fraction {
      if (from.assetCode === to.assetCode) return sameAssetRatio(from, to);
      const rate = usable().get(from.assetCode)?.get(to.assetCode);
      if (!rate) {
        throw new RatesUnavailableError(
          'missing',
          `No exchange rate from ${from.assetCode} to ${to.assetCode}`,
        );
      }
      return shiftScale(rate, from, to);
    },
    current() {
      try {
        return [...usable()].flatMap(([from, row]) =>
          // A float is good enough for a gauge, and for nothing else.
          [...row].map(([to, rate]) => ({
            from,
            to,
            rate: Number(rate.numerator) / Number(rate.denominator),
          })),
        );
      } catch {
        return [];
      }
    },
    status() {
      try {
        usable();
        return { ok: true, detail: `fetched ${Math.round((nowMs() - fetchedAtMs) / 1000)} s ago` };
      } catch (error) {
        return { ok: false, detail: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** What one whole unit of a currency costs in another: by the one and then by the other. */
export type RateTable = Map<string, Map<string, Fraction>>;

const decimal = z.string().transform((text, context): Fraction => {
  const fraction = parseDecimal(text);
  if (fraction) return fraction;
  context.addIssue('must be a decimal above 0, as text');
  return z.NEVER;
});
const answer = z.object({ date: z.iso.date(), rates: z.record(z.string(), z.record(z.string(), decimal)) });

function parseRates(body: string): RateTable {
  const parsed = answer.safeParse(JSON.parse(body));
  if (!parsed.success) throw new Error(`answer is not valid: ${z.prettifyError(parsed.error)}`);
  return new Map(
    Object.entries(parsed.data.rates).map(([from, row]) => [from, new Map(Object.entries(row))]),
  );
}

async function fetchBody(client: BoundedClient, url: string): Promise<string> {
  const { status, body } = await client.get(url);
  if (status !== 200) throw new Error(`answered ${status}`);
  return body;
}
