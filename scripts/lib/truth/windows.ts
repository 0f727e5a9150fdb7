import type { Reading as CellReading } from '../../../grafana/src/cells.ts';
import { CATALOGUE, OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import { NETWORK_COUNTERS, NETWORK_SERVICE_NAME } from '../../../telemetry/networkCatalogue.ts';
import type { Admin } from '../admin.ts';
import { canonicalNumeral } from '../numeral.ts';
import type { Playground } from '../playground.ts';
import { queryNewest, queryPrometheus } from '../prometheus.ts';
import { LEDGER_QUANTITIES } from './readHops.ts';
import { keyOf } from './row.ts';

const WINDOW_MS = {
  '1h': 3_600_000,
  '1d': 86_400_000,
  '1w': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
} as const;
type LimitedWindow = keyof typeof WINDOW_MS;

/** An event this close to a sample may or may not be in it: it is booked first and counted a moment later. */
const BLUR_MS = 100;
/** What is fetched carries the time of the asking, and holds what happened until the answer. */
const FETCH_BLUR_MS = 1000;
const STEP_MS = 40;
/** Prometheus looks this far back for the value at an instant. */
const LOOKBACK_SECONDS = 300;

/**
 * An instant at which no window of the boards begins between an event and the sample that carries it: there alone
 * do the ledger's clock and Prometheus' samples cut the past at the same place. Undefined when none of the instants
 * from `fromMs` to `toMs` will do.
 */
export async function chooseInstant(
  playground: Pick<Playground, 'ases' | 'prometheusUrl' | 'pull'>,
  admins: readonly Admin[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<number | undefined> {
  // A window that begins before all samples has no edge that could cut anything.
  const edges: LimitedWindow[] = [];
  for (const window of Object.keys(WINDOW_MS) as LimitedWindow[]) {
    if ((await sampleTimes(playground.prometheusUrl, toMs - WINDOW_MS[window])).size > 0) edges.push(window);
  }
  for (let instantMs = toMs; instantMs >= fromMs; instantMs -= STEP_MS) {
    let clean = true;
    for (const window of edges) {
      clean &&= await isCleanEdge(playground, admins, instantMs - WINDOW_MS[window]);
    }
    if (clean) return instantMs;
  }
  return undefined;
}

/** Whether nothing happened between each ASE's last sample before the edge and the edge. */
async function isCleanEdge(
  { prometheusUrl, ases, pull }: Pick<Playground, 'ases' | 'prometheusUrl' | 'pull'>,
  admins: readonly Admin[],
  edgeMs: number,
): Promise<boolean> {
  const times = await sampleTimes(prometheusUrl, edgeMs);
  for (const [i, { name }] of ases.entries()) {
    const sampleMs = times.get(name);
    if (sampleMs === undefined) continue;
    const untilMs = pull ? Math.max(edgeMs, sampleMs + FETCH_BLUR_MS) : edgeMs;
    const { rows } = await admins[i]!.window(Math.floor(sampleMs - BLUR_MS), Math.ceil(untilMs));
    if (rows.length > 0) return false;
  }
  return true;
}

/** When each ASE's newest sample before an instant was taken, in milliseconds. */
async function sampleTimes(prometheusUrl: string, atMs: number): Promise<Map<string, number>> {
  const query = `max by (instance) (timestamp(payments_total{job="${OPERATOR_SERVICE_NAME}"}))`;
  const samples = await queryPrometheus(prometheusUrl, query, atMs / 1000);
  return new Map(samples.map(({ labels, value }) => [labels.instance ?? '', Number(value) * 1000]));
}

/** Looks up what a cell is made of, in units. */
export type ReadCell = (reading: CellReading) => bigint;

/**
 * What the ledgers say about the windows that end at `instantMs`. Payments are asked of the ledger's own events.
 * For other counters, which the ledger keeps no times of, a window is the total (of `totals`) less what Prometheus had
 * stored when the window began.
 */
export async function windowReader(
  { ases, prometheusUrl }: Pick<Playground, 'ases' | 'prometheusUrl'>,
  admins: readonly Admin[],
  totals: ReadonlyMap<string, string>,
  instantMs: number,
): Promise<ReadCell> {
  const happened = new Map<string, bigint>();
  const base = new Map<string, bigint>();
  for (const window of Object.keys(WINDOW_MS) as LimitedWindow[]) {
    const fromMs = instantMs - WINDOW_MS[window];
    for (const [i, { name }] of ases.entries()) {
      const { rows } = await admins[i]!.window(fromMs, instantMs);
      for (const { quantity, labels, value } of rows) {
        happened.set(`${window} ${keyOf({ ase: name, quantity, labels })}`, BigInt(value));
      }
    }
    for (const [key, value] of await storedBefore(prometheusUrl, fromMs, instantMs))
      base.set(`${window} ${key}`, value);
  }
  return ({ instance, quantity, labels, window }) => {
    const key = keyOf({ ase: instance, quantity, labels });
    const total = BigInt(totals.get(key) ?? 0);
    if (window === 'total') return total;
    if (HAS_EVENTS.includes(quantity)) return happened.get(`${window} ${key}`) ?? 0n;
    return total - (base.get(`${window} ${key}`) ?? 0n);
  };
}

const HAS_EVENTS: readonly string[] = ['payments_total', 'payment_amount_units_total'];
const OTHER_COUNTERS = LEDGER_QUANTITIES.filter(
  (name) => !HAS_EVENTS.includes(name) && CATALOGUE[name as keyof typeof CATALOGUE].kind === 'counter',
);

const STORED = [
  { job: OPERATOR_SERVICE_NAME, counters: OTHER_COUNTERS },
  { job: NETWORK_SERVICE_NAME, counters: NETWORK_COUNTERS },
];

/** The value of each counter when a window began; of one that began later, its first. */
async function storedBefore(
  prometheusUrl: string,
  fromMs: number,
  toMs: number,
): Promise<Map<string, bigint>> {
  const values = new Map<string, bigint>();
  const add = (labels: Record<string, string>, value: string) => {
    // The source of what is told to a network is the instance once more.
    const { __name__: quantity = '', job: _job, instance: ase = '', source: _source, ...rest } = labels;
    const key = keyOf({ ase, quantity, labels: rest });
    if (!values.has(key)) values.set(key, BigInt(canonicalNumeral(value) ?? value));
  };
  const seconds = Math.round((toMs - fromMs) / 1000);
  for (const { job, counters } of STORED) {
    const selector = `{__name__=~"${counters.join('|')}",job="${job}"}`;
    const newest = await queryNewest(prometheusUrl, selector, LOOKBACK_SECONDS, fromMs / 1000);
    for (const { labels, value } of newest) add(labels, value);
    // A counter never goes back, so its smallest value is its first. min_over_time() drops the name: one at a time.
    for (const quantity of counters) {
      const query = `min_over_time(${quantity}{job="${job}"}[${seconds}s])`;
      for (const { labels, value } of await queryPrometheus(prometheusUrl, query, toMs / 1000)) {
        add({ ...labels, __name__: quantity }, value);
      }
    }
  }
  return values;
}
