import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createHttpJson, type HttpJson } from '../../../apps/traffic/src/httpJson.ts';
import { createOpenPaymentsClient } from '../../../apps/traffic/src/openPaymentsClient.ts';
import { createRandom } from '../../../apps/traffic/src/orders.ts';
import { pay } from '../../../apps/traffic/src/pay.ts';
import type { Playground } from '../playground.ts';
import { planPayments } from '../seed/plan.ts';
import { WALLETS } from '../topology.ts';
import { waitFor } from '../wait.ts';
import type { Bench, BenchContext } from './bench.ts';
import { openBrowser, openPage, readBoard, waitUntilFilled } from './boards.ts';
import { percentile } from './statistics.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';
import { startsBetween, visibleAfter } from './visibleAfter.ts';
import { type Watch, watchBoard, watchCollector, watchPrometheus, watchRefreshes } from './watch.ts';

const PAYMENTS = 60;
const MEAN_PAUSE_MS = 500;
const SENDER = 'cloud-nine';
const SEEN_WITHIN_MS = 30_000;

/** Delays of every payment of one round, by the hop at which it was waited for. */
interface Delays {
  collectorMs: number[];
  prometheusMs: number[];
  panelMs: number[];
  /** From Prometheus to the panel: how many refreshes of the board it took. */
  refreshes: number[];
}

/** From the ledger's word that a payment is completed until others can see it. */
export const VISIBILITY: Bench = {
  summary: `a completed payment until it is visible in Prometheus, p95 of ${PAYMENTS} payments; and in a panel`,
  baseline:
    "the same payments until they are visible in the collector's exporter; for the panel, in Prometheus",
  defaultRounds: 1,
  async run(context) {
    const rounds: Delays[] = [];
    const browser = await openBrowser(context);
    try {
      for (let round = 1; round <= context.rounds; round++) {
        const page = await openPage(browser);
        rounds.push(
          await withTemporaryPlayground(context, async (playground) => {
            await playground.verb('up', '--no-traffic');
            return measure(playground.describe(), page, context);
          }),
        );
        await page.close();
      }
    } finally {
      await browser.close();
    }
    const seconds = (key: 'collectorMs' | 'prometheusMs' | 'panelMs', percent: number) =>
      rounds.map((delays) => percentile(delays[key], percent) / 1000);
    const afterPrometheus = rounds.map(
      ({ panelMs, prometheusMs }) =>
        percentile(
          panelMs.map((ms, i) => ms - prometheusMs[i]!),
          95,
        ) / 1000,
    );
    const unit = 'seconds';
    return [
      {
        name: 'completed to visible in Prometheus, p95',
        unit,
        goal: 1.5,
        ours: seconds('prometheusMs', 95),
        baseline: seconds('collectorMs', 95),
      },
      {
        name: 'completed to visible in Prometheus, p50',
        unit,
        ours: seconds('prometheusMs', 50),
        baseline: seconds('collectorMs', 50),
      },
      {
        name: 'completed to visible in a panel, p95',
        unit,
        ours: seconds('panelMs', 95),
        baseline: seconds('prometheusMs', 95),
      },
      {
        name: 'from Prometheus to the panel, p95',
        unit: 'refreshes',
        goal: 1,
        ours: rounds.map(({ refreshes }) => percentile(refreshes, 95)),
        baseline: [],
      },
      { name: 'the same as time, with a refresh every 5 s', unit, ours: afterPrometheus, baseline: [] },
    ];
  },
};

async function measure(
  { ases, prometheusUrl, collectorExportUrl, dashboardsUrl }: Playground,
  page: Awaited<ReturnType<typeof openPage>>,
  context: BenchContext,
): Promise<Delays> {
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, done.signal]);
  const http = createHttpJson();
  const urlOf = (name: string) => ases.find((ase) => ase.name === name)!.url;
  const wanted = planPayments({ payments: PAYMENTS + 1, seed: 1, from: SENDER });
  const client = createOpenPaymentsClient({ http, retryForMs: 0, signal });
  const payOne = (order: (typeof wanted)[number]) => pay(client, order, { key: randomUUID(), urlOf, signal });
  try {
    // A first payment fills what is empty without one, and what it warms up is not the matter here.
    await payOne(wanted.pop()!);
    await page.goto(`${dashboardsUrl}/d/payments?refresh=5s`, { waitUntil: 'commit' });
    const board = readBoard(
      'payments',
      ases.map(({ name }) => name),
    );
    await waitUntilFilled(page, board, context);
    const refreshes = watchRefreshes(page);
    const watches = {
      collector: watchCollector(collectorExportUrl, SENDER, signal),
      prometheus: watchPrometheus(prometheusUrl, SENDER, signal),
      panel: await watchBoard(page, SENDER),
    };
    await waitUntilSeen(Object.values(watches), 1, context);

    const random = createRandom(1);
    const payments: Promise<unknown>[] = [];
    for (const order of wanted) {
      // Away from any rhythm of the telemetry, and not one after the other: that would wait for its exports.
      await delay(2 * MEAN_PAUSE_MS * random(), undefined, { signal });
      payments.push(payOne(order));
    }
    await Promise.all(payments);
    await waitUntilSeen(Object.values(watches), PAYMENTS + 1, context);

    const completedMs = (await completionTimes(http, urlOf(SENDER))).slice(1);
    const after = async (watch: Watch) => visibleAfter(completedMs, await watch(), 1);
    const [collectorMs, prometheusMs, panelMs] = await Promise.all([
      after(watches.collector),
      after(watches.prometheus),
      after(watches.panel),
    ]);
    return {
      collectorMs,
      prometheusMs,
      panelMs,
      refreshes: completedMs.map((atMs, i) =>
        startsBetween(refreshes(), atMs + prometheusMs[i]!, atMs + panelMs[i]!),
      ),
    };
  } finally {
    done.abort();
    http.close();
  }
}

async function waitUntilSeen(watches: readonly Watch[], count: number, context: BenchContext): Promise<void> {
  const look = async () => {
    const seen = await Promise.all(watches.map(async (watch) => (await watch()).at(-1)?.count ?? 0));
    return seen.every((each) => each >= count) ? undefined : `seeing ${seen.join(', ')} of ${count} payments`;
  };
  await waitFor(look, { timeoutMs: SEEN_WITHIN_MS, ...context });
}

/** When the ledger says that each payment was completed, the earliest first. */
async function completionTimes(http: HttpJson, url: string): Promise<number[]> {
  const timesMs: number[] = [];
  for (const wallet of WALLETS) {
    const walletAddress = encodeURIComponent(`${url}/${wallet}`);
    const { body } = await http.send({
      method: 'GET',
      url: `${url}/outgoing-payments?wallet-address=${walletAddress}&first=100`,
      timeoutMs: 5000,
    });
    const { result } = body as { result: { state: string; updatedAt: string }[] };
    timesMs.push(
      ...result.filter(({ state }) => state === 'COMPLETED').map(({ updatedAt }) => Date.parse(updatedAt)),
    );
  }
  return timesMs.sort((a, b) => a - b);
}
