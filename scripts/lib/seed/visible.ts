import { type MetricName, OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import { createAdmin, type LedgerRow } from '../admin.ts';
import { VerbError } from '../errors.ts';
import type { Playground } from '../playground.ts';
import { queryPrometheus } from '../prometheus.ts';
import { plural } from '../text.ts';
import { WaitedTooLong, waitFor } from '../wait.ts';

const VISIBLE_WITHIN_MS = 60_000;
/** Samples are in order, and one batch has them all. */
const LATE_MS = 6000;
const QUANTITIES = ['payments_total', 'payment_amount_units_total'];

/** Waits until Prometheus shows at least what the ledgers say now; background traffic may add more meanwhile. */
export async function waitUntilVisible(
  { ases, adminToken, prometheusUrl }: Pick<Playground, 'ases' | 'adminToken' | 'prometheusUrl'>,
  context: { say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const ledgers = await Promise.all(ases.map(({ url }) => createAdmin(url, adminToken).ledger()));
  const wanted = ledgers.flatMap(({ ase, totals }) =>
    totals
      .filter(({ quantity }) => QUANTITIES.includes(quantity))
      .map((row) => ({ key: keyOf(ase, row), value: Number(row.value) })),
  );
  const askedAtMs = Date.now();
  const query = `{__name__=~"${QUANTITIES.join('|')}",job="${OPERATOR_SERVICE_NAME}"}`;
  const look = async () => {
    const samples = await queryPrometheus(prometheusUrl, query).catch(() => []);
    const seen = new Map(
      samples.map(({ labels: { __name__ = '', job: _job, instance = '', ...labels }, value }) => [
        keyOf(instance, { quantity: __name__, labels }),
        Number(value),
      ]),
    );
    const missing = wanted.filter(({ key, value }) => !((seen.get(key) ?? -1) >= value)).length;
    if (missing === 0) return undefined;
    const why = `${plural(missing, 'total')} of the ledgers not in Prometheus`;
    if (await hasPassedBy(prometheusUrl, askedAtMs))
      throw new WaitedTooLong(`newer samples came, but ${why}`);
    return why;
  };
  await waitFor(look, { timeoutMs: VISIBLE_WITHIN_MS, ...context }).catch((error) => {
    if (!(error instanceof WaitedTooLong)) throw error;
    throw new VerbError(`the payments are made, but ${error.message}`, [
      './playground doctor names the broken hop',
    ]);
  });
}

/** Whether every ASE has sent samples that are so much newer that what is missing will never come. */
async function hasPassedBy(prometheusUrl: string, sinceMs: number): Promise<boolean> {
  const probe: MetricName = 'process_start_timestamp_seconds';
  const query = `min(timestamp(${probe}{job="${OPERATOR_SERVICE_NAME}"}))`;
  const [newest] = await queryPrometheus(prometheusUrl, query).catch(() => []);
  return newest !== undefined && Number(newest.value) * 1000 > sinceMs + LATE_MS;
}

function keyOf(ase: string, { quantity, labels }: Pick<LedgerRow, 'quantity' | 'labels'>): string {
  return JSON.stringify([ase, quantity, Object.entries(labels).sort()]);
}
