import { createRandom } from '../../../apps/traffic/src/orders.ts';
import { END_ASES, WALLETS } from '../topology.ts';
import { type Money, moneyOf } from './money.ts';

export type EndAse = (typeof END_ASES)[number];

/** A payment of the past: what it did to the books of both ASEs, and when. */
export interface PastPayment extends Money {
  index: number;
  /** When it ended, on both sides, in milliseconds. */
  atMs: number;
  from: EndAse;
  to: EndAse;
  payer: string;
  payee: string;
}

export interface HistoryRequest {
  days: number;
  seed: number;
  /** A multiple of STEP_MS: where the past ends. */
  untilMs: number;
  paymentsPerDay: number;
}

/** Prometheus has a sample of each series every two minutes: it looks back for five. */
export const STEP_MS = 120_000;
const DAY_MS = 86_400_000;
/** A payment ends this shortly before a sample: so hardly any moment lies between a payment and the sample that carries it. */
const BEFORE_SAMPLE_MS = 1500;

/** Well above the fee, and up to three packets. */
const MIN_UNITS = 500;
const MAX_UNITS = 25_000;
/** Below the threshold of the ASEs' settlement: nothing was to be settled in all that time. */
const MAX_DEBT_UNITS = 50_000n;

/** All payments of a past, in order. The same request gives the same ones. */
export function* pastPayments({
  days,
  seed,
  untilMs,
  paymentsPerDay,
}: HistoryRequest): Generator<PastPayment> {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const wallet = () => WALLETS[below(WALLETS.length)]!;
  const fromMs = untilMs - days * DAY_MS;
  let due = 0;
  let index = 0;
  /** What the first ASE has sent the second beyond what it got back, in what the two settle in. */
  let debtUnits = 0n;
  for (let sampleMs = fromMs + STEP_MS; sampleMs <= untilMs; sampleMs += STEP_MS) {
    due += (paymentsPerDay * STEP_MS * rhythm(sampleMs)) / DAY_MS;
    const count = Math.floor(due) - index;
    for (let i = 0; i < count; i++) {
      const drawn = below(2);
      const debitUnits = BigInt(MIN_UNITS + below(MAX_UNITS - MIN_UNITS + 1));
      const moneyIf = (sender: number) => moneyOf(END_ASES[sender]!, debitUnits);
      const after = (sender: number) => debtUnits + (sender === 0 ? 1n : -1n) * moneyIf(sender).settledUnits;
      const sender = absolute(after(drawn)) > MAX_DEBT_UNITS ? 1 - drawn : drawn;
      debtUnits = after(sender);
      yield {
        index: index++,
        atMs: sampleMs - Math.floor(((count - i) * BEFORE_SAMPLE_MS) / count),
        from: END_ASES[sender]!,
        to: END_ASES[1 - sender]!,
        payer: wallet(),
        payee: wallet(),
        ...moneyIf(sender),
      };
    }
  }
}

/** How busy a moment is, 1 on average over a week: a peak in the afternoon, quiet nights, weekends of half the size. */
export function rhythm(atMs: number): number {
  const hour = (atMs % DAY_MS) / 3_600_000;
  // The first of January 1970 was a Thursday.
  const weekday = (Math.floor(atMs / DAY_MS) + 4) % 7;
  const daily = 1 - 0.8 * Math.cos(((hour - 3) * Math.PI) / 12);
  const isWeekend = weekday === 0 || weekday === 6;
  return daily * (isWeekend ? 0.5 : 1) * (7 / 6);
}

const absolute = (units: bigint): bigint => (units < 0n ? -units : units);
