import { zeroTotals } from '../../../apps/ase/src/telemetry/knownSeries.ts';
import { CATALOGUE, OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import { parsePrometheusText, type TextSample } from '../../../telemetry/textFormat.ts';
import type { LedgerReport } from '../admin.ts';
import { messageOf } from '../errors.ts';
import { firstLine, get } from '../http.ts';
import { canonicalNumeral } from '../numeral.ts';
import type { Playground } from '../playground.ts';
import { queryNewest } from '../prometheus.ts';
import type { Ase } from '../topology.ts';
import type { Reading } from './compare.ts';
import { keyOf } from './row.ts';

/** Everything that the ledger knows and telemetry shows. */
export const LEDGER_QUANTITIES: readonly string[] = Object.entries(CATALOGUE)
  .filter(([, { source }]) => source === 'ledger')
  .map(([name]) => name);

/** A hop that could not be read has no readings, and a problem that says why. */
export interface HopReadings {
  readings: Reading[];
  problems: string[];
}

const TIMEOUT_MS = 5000;
/** Older samples are what somebody said once, not what is true now. */
const NEWEST_WITHIN_SECONDS = 60;

/** What the books say, with the zeros of everything that has not happened yet. */
export function ledgerReadings(ase: Ase, report: LedgerReport): Reading[] {
  const zeros = zeroTotals([ase.assetCode], ase.peers).map(({ quantity, labels }) => ({
    ase: ase.name,
    quantity,
    labels,
    value: '0',
  }));
  const booked = [...report.totals, ...report.gauges].map(({ quantity, labels, value }) => ({
    ase: ase.name,
    quantity,
    labels,
    value: canonicalNumeral(value) ?? value,
  }));
  const known = new Set(booked.map(keyOf));
  return [...booked, ...zeros.filter((zero) => !known.has(keyOf(zero)))];
}

/** What each ASE's own SDK says. */
export async function readSdk(ases: Playground['ases']): Promise<HopReadings> {
  const all = await Promise.all(
    ases.map(({ name, url }) =>
      attempt(`SDK of ${name}`, async () =>
        (await readText(`${url}/metrics`)).flatMap(({ name: quantity, labels, value }) =>
          reading(name, quantity, labels, value),
        ),
      ),
    ),
  );
  return {
    readings: all.flatMap(({ readings }) => readings),
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** What the collector has forwarded. */
export function readCollector({
  collectorExportUrl,
}: Pick<Playground, 'collectorExportUrl'>): Promise<HopReadings> {
  return attempt('collector', async () =>
    (await readText(collectorExportUrl)).flatMap(
      ({ name, labels: { job, instance = '', ...labels }, value }) =>
        job === OPERATOR_SERVICE_NAME ? reading(instance, name, labels, value) : [],
    ),
  );
}

/** What Prometheus stored since `sinceMs`: a series without a new sample is a lost one, whatever it said before. */
export function readPrometheus(
  { prometheusUrl }: Pick<Playground, 'prometheusUrl'>,
  sinceMs: number,
): Promise<HopReadings> {
  return attempt('Prometheus', async () => {
    const selector = `{__name__=~"${LEDGER_QUANTITIES.join('|')}",job="${OPERATOR_SERVICE_NAME}"}`;
    const newest = await queryNewest(prometheusUrl, selector, NEWEST_WITHIN_SECONDS);
    return newest
      .filter(({ timestampSeconds }) => timestampSeconds * 1000 >= sinceMs)
      .flatMap(({ labels: { __name__ = '', job: _job, instance = '', ...labels }, value }) =>
        reading(instance, __name__, labels, value),
      );
  });
}

function reading(ase: string, quantity: string, labels: Record<string, string>, value: string): Reading[] {
  if (!LEDGER_QUANTITIES.includes(quantity)) return [];
  return [{ ase, quantity, labels, value: canonicalNumeral(value) ?? value }];
}

/** The samples of a page in Prometheus text format. */
export async function readText(url: string): Promise<TextSample[]> {
  const { status, body } = await get(url, { timeoutMs: TIMEOUT_MS });
  if (status !== 200) throw new Error(`answers ${status}: ${firstLine(body)}`);
  return parsePrometheusText(body);
}

async function attempt(hop: string, read: () => Promise<Reading[]>): Promise<HopReadings> {
  try {
    return { readings: await read(), problems: [] };
  } catch (error) {
    return { readings: [], problems: [`${hop}: ${messageOf(error)}`] };
  }
}
