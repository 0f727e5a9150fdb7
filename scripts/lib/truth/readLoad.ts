import { LOAD_JOB } from '../../../telemetry/loadCatalogue.ts';
import { type Admin, createAdmin } from '../admin.ts';
import { messageOf } from '../errors.ts';
import { type LoadCount, type LoadRecord, readLoadRecord } from '../load/record.ts';
import { canonicalNumeral } from '../numeral.ts';
import type { Playground } from '../playground.ts';
import { queryPrometheus } from '../prometheus.ts';
import { readText } from './readHops.ts';
import { keyOf, type TruthRow } from './row.ts';

export interface LoadTruth {
  rows: TruthRow[];
  problems: string[];
  notes: string[];
}

/** Collector and Prometheus show a counter for as long as this after its run. */
const SHOWN_FOR_MS = 12 * 3_600_000;

/** The counts of the newest load: what k6 counted, what the ledgers say about the same payments, what came of k6's metrics. */
export async function loadTruth(playground: Playground, admins: readonly Admin[]): Promise<LoadTruth> {
  const record = readLoadRecord(playground.settings.home);
  if (!record) return { rows: [], problems: [], notes: [] };
  if (Date.now() - record.endedAtMs > SHOWN_FOR_MS) {
    return { rows: [], problems: [], notes: ['the newest load is too long ago to be compared'] };
  }
  try {
    return { rows: await compareLoad(playground, record, admins), problems: [], notes: [] };
  } catch (error) {
    return { rows: [], problems: [`load: ${messageOf(error)}`], notes: [] };
  }
}

/** The same for one run; its `sdk` is k6 itself. */
export async function compareLoad(
  { ases, adminToken, collectorExportUrl, prometheusUrl }: Playground,
  { run, counts }: LoadRecord,
  admins: readonly Admin[] = ases.map(({ url }) => createAdmin(url, adminToken)),
): Promise<TruthRow[]> {
  const selector = `{__name__=~"k6_load_payments_total|k6_load_units_total",job="${LOAD_JOB}",run="${run}"}`;
  const [ledgers, exported, stored] = await Promise.all([
    Promise.all(admins.map((admin) => admin.load(run))),
    readText(collectorExportUrl),
    queryPrometheus(prometheusUrl, `last_over_time(${selector}[12h])`),
  ]);
  const ledger = ledgers.flatMap(({ rows }, i) =>
    rows.filter(hasEnded).map(({ quantity, direction, state, value }) => ({
      ase: ases[i]!.name,
      quantity: quantity === 'payments' ? PAYMENTS : UNITS,
      labels: { direction, ...(state !== undefined && { state }) },
      value,
    })),
  );
  const collector = exported
    .filter(({ name, labels }) => (name === PAYMENTS || name === UNITS) && labels.run === run)
    .map(({ name, labels, value }) => countOf(name, labels, value));
  const prometheus = stored.map(({ labels, value }) => countOf(labels.__name__ ?? '', labels, value));
  return joinLoad({ ledger, sdk: counts, collector, prometheus });
}

const PAYMENTS = 'k6_load_payments_total';
const UNITS = 'k6_load_units_total';

/** k6 counts what it saw end; what is left of a failed payment on the other side ends much later. */
const hasEnded = ({ state }: { state?: string | undefined }): boolean =>
  state === undefined || state === 'completed' || state === 'failed';

type Count = Omit<LoadCount, 'quantity'> & { quantity: string };

/**
 * One row for each count that anybody has. A count that is 0 may be missing: k6 begins a series with its first event.
 * A collector that was started anew since has forgotten all of it, which is no fault: Prometheus is behind it.
 */
export function joinLoad(
  readings: Record<'ledger' | 'sdk' | 'collector' | 'prometheus', readonly Count[]>,
): TruthRow[] {
  const places = ['ledger', 'sdk', 'collector', 'prometheus'] as const;
  const values = places.map((place) => {
    const sums = new Map<string, bigint>();
    // The parts of a run count for themselves, so what differs by nothing but the part is added up.
    for (const count of readings[place])
      sums.set(keyOf(count), (sums.get(keyOf(count)) ?? 0n) + BigInt(count.value));
    return sums;
  });
  const known = new Map(places.flatMap((place) => readings[place].map((count) => [keyOf(count), count])));
  return [...known].map(([key, { ase, quantity, labels }]) => {
    const [ledger, sdk, collector, prometheus] = values.map((sums) => (sums.get(key) ?? 0n).toString());
    const forgotten = readings.collector.length === 0;
    return {
      ase,
      quantity,
      labels,
      ledger: ledger!,
      sdk: sdk!,
      collector: forgotten ? null : collector!,
      prometheus: prometheus!,
      panel: null,
      where: null,
      equal: ledger === sdk && sdk === prometheus && (forgotten || sdk === collector),
    };
  });
}

function countOf(quantity: string, labels: Record<string, string>, value: string): Count {
  const { ase = '', direction = '', state } = labels;
  return {
    ase,
    quantity,
    labels: { direction, ...(state !== undefined && { state }) },
    value: canonicalNumeral(value) ?? '0',
  };
}
