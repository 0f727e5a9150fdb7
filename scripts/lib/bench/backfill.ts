import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { VerbError } from '../errors.ts';
import type { BackfillReport } from '../history/backfill.ts';
import { makeBlocks } from '../history/blocks.ts';
import { HISTORY_LIMITS } from '../history/limits.ts';
import { writeOpenMetrics } from '../history/openMetrics.ts';
import { pastPayments, STEP_MS } from '../history/plan.ts';
import { ensureTools } from '../tools/ensure.ts';
import { topology } from '../topology.ts';
import { alternate, type Bench, type BenchContext } from './bench.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;
/** The goal is told for at least so many. */
const MIN_PAYMENTS = 100_000;

/** A month of history, beside the part of it that is another program's. */
export const BACKFILL: Bench = {
  summary: `\`backfill --days ${DAYS}\`: both ledgers and Prometheus' blocks, at least 100 000 payments`,
  baseline: 'promtool alone, making the same blocks from a text that is there',
  defaultRounds: 5,
  run(context) {
    return withTemporaryPlayground(context, (playground) =>
      withHistoryText(context, async (promtool, text, folder) => {
        const { ours, baseline } = await alternate(
          context,
          async () => {
            const { seconds, report } = await playground.verb<BackfillReport>(
              'backfill',
              '--days',
              String(DAYS),
            );
            await playground.verb('down', '--volumes');
            if (report.payments < MIN_PAYMENTS) {
              throw new VerbError(`a past of ${report.payments} payments is too short for this bench`);
            }
            return { seconds, payments: report.payments };
          },
          async (round) => {
            const startedAtMs = performance.now();
            await makeBlocks(promtool, text, path.join(folder, `blocks-${round}`), context);
            return (performance.now() - startedAtMs) / 1000;
          },
        );
        const seconds = ours.map((one) => one.seconds);
        const perSecond = ours.map((one) => one.payments / one.seconds);
        return [
          { name: `backfill --days ${DAYS}`, unit: 'seconds', goal: 20, ours: seconds, baseline },
          { name: 'payments of the past', unit: 'payments/s', ours: perSecond, baseline: [] },
        ];
      }),
    );
  },
};

/** With the samples of such a past, as the text that promtool reads; gone afterwards. */
async function withHistoryText<T>(
  context: BenchContext,
  work: (promtool: string, text: string, folder: string) => Promise<T>,
): Promise<T> {
  const { promtool } = await ensureTools(['promtool'], context);
  const folder = await mkdtemp(path.join(tmpdir(), 'playground-past-'));
  try {
    const text = path.join(folder, 'history.txt');
    const untilMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
    const { paymentsPerDay, seed } = HISTORY_LIMITS;
    const payments = [...pastPayments({ days: DAYS, seed, paymentsPerDay, untilMs })];
    await writeOpenMetrics(text, topology(1), payments, { fromMs: untilMs - DAYS * DAY_MS, untilMs });
    return await work(promtool, text, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
