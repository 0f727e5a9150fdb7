import { VerbError } from '../errors.ts';
import type { LoadReport } from '../load/report.ts';
import type { Playground } from '../playground.ts';
import { ensureTools } from '../tools/ensure.ts';
import { bareRate } from './bareRun.ts';
import { alternate, type Bench, type BenchContext } from './bench.ts';
import { highestHeld } from './highestHeld.ts';
import { loadAtRate } from './rateLoad.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

const WITHIN_MS = 250;
const STEP_SECONDS = 8;
const RANGE = { from: 20, most: 500 };
/** Payments of the baseline in each round, as many at a time as `seed` has. */
const BARE = { payments: 400, concurrency: 10 };

/** What k6 saw at one pace. */
interface Held {
  perSecond: number;
  medianMs: number;
  p95Ms: number;
}

/** Payments through the wallets' API, each with quote, STREAM and both ledgers, at a pace that does not wait for them. */
export const PAYMENTS: Bench = {
  summary: `payments per second that k6 can begin through the wallets' API with 95 of 100 done within ${WITHIN_MS} ms and none failed`,
  baseline: `payments per second of bare @interledger/pay and a bare STREAM receiver, ${BARE.concurrency} at a time`,
  defaultRounds: 3,
  async run(context) {
    const { k6 } = await ensureTools(['k6'], context);
    const everything = await heldBy([], k6, { ...context, rounds: 1 });
    const core = await heldBy(['--core'], k6, context);
    return [
      {
        name: `payments held within ${WITHIN_MS} ms, core`,
        unit: 'payments/s',
        goal: 100,
        ours: core.ours.map(({ perSecond }) => perSecond),
        baseline: core.baseline,
      },
      {
        name: 'median payment at that pace',
        unit: 'ms',
        ours: core.ours.map(({ medianMs }) => medianMs),
        baseline: [],
      },
      {
        name: 'p95 payment at that pace',
        unit: 'ms',
        ours: core.ours.map(({ p95Ms }) => p95Ms),
        baseline: [],
      },
      {
        name: `payments held within ${WITHIN_MS} ms, with network telemetry, traces and alerts`,
        unit: 'payments/s',
        ours: everything.ours.map(({ perSecond }) => perSecond),
        baseline: everything.baseline,
      },
    ];
  },
};

function heldBy(
  words: readonly string[],
  k6: string,
  context: BenchContext,
): Promise<{ ours: Held[]; baseline: number[] }> {
  return withTemporaryPlayground(context, async (playground) => {
    await playground.verb('up', '--no-traffic', ...words);
    const place = playground.describe();
    let runs = 0;
    const make = (rate: number) => loadAt(rate, { seed: ++runs, k6, place }, context);
    // Compiles and fills what is not the matter here.
    await make(RANGE.from);
    return alternate(
      context,
      () => highest(make, context),
      (round) => bareRate({ ...BARE, seed: round }, context),
    );
  });
}

async function highest(make: (rate: number) => Promise<LoadReport>, { say }: BenchContext): Promise<Held> {
  let best: Held = { perSecond: 0, medianMs: 0, p95Ms: 0 };
  const isHeld = async (rate: number) => {
    const { payments, requests, crossed, durationMs } = await make(rate);
    const held = crossed.length === 0 && payments.failed === 0 && requests.failed === 0;
    say(
      `  ${rate}/s: ${held ? 'held' : 'not held'}, p95 ${durationMs.p95} ms${held ? '' : ` (${crossed.join(', ')})`}`,
    );
    if (held && rate > best.perSecond) {
      best = { perSecond: rate, medianMs: durationMs.median, p95Ms: durationMs.p95 };
    }
    return held;
  };
  await highestHeld(isHeld, RANGE);
  return best;
}

/** A run at one pace; the thresholds of its script say whether it was held. */
async function loadAt(
  rate: number,
  { seed, k6, place }: { seed: number; k6: string; place: Playground },
  { signal }: BenchContext,
): Promise<LoadReport> {
  const report = await loadAtRate({ perSecond: rate, seconds: STEP_SECONDS, seed }, { k6, place, signal });
  if (report.payments.completed === 0) throw new VerbError(`no payment was made at ${rate} a second`);
  return report;
}
