import { setTimeout as delay } from 'node:timers/promises';
import { OPERATOR_SERVICE_NAME } from '../../../../telemetry/catalogue.ts';
import { NETWORK_SERVICE_NAME } from '../../../../telemetry/networkCatalogue.ts';
import { queryPrometheus, type Sample } from '../../prometheus.ts';
import { percentile } from '../statistics.ts';
import { aseName, type Path } from './fleet.ts';

/** From the moment at which an ASE read its values until Prometheus shows them. */
export interface IngestLag {
  p50Ms: number;
  p95Ms: number;
  /** Exports that were seen to arrive. */
  seen: number;
  /** Of the ASEs looked at, the age of the oldest newest sample at the end. */
  stalestMs: number;
}

/** So many ASEs are looked at: enough to tell, few enough to be no load. */
const PROBES = 25;
const LOOK_EVERY_MS = 50;

/** One series of each ASE: an export carries all of them, and Prometheus takes it as a whole. */
const PROBE_SERIES: Record<Path, string> = {
  operator: `process_start_timestamp_seconds{job="${OPERATOR_SERVICE_NAME}"`,
  network: `transactions_total{job="${NETWORK_SERVICE_NAME}"`,
};

/** ASEs to look at, spread evenly over all of them. */
export function probesOf(ases: number): string[] {
  const probes = Math.min(ases, PROBES);
  return Array.from({ length: probes }, (_, i) => aseName(1 + Math.floor((i * ases) / probes)));
}

/** Looks for new samples until `signal` ends it; the function it gives tells what was seen. */
export function watchIngest(
  prometheusUrl: string,
  path: Path,
  ases: number,
  signal: AbortSignal,
): () => IngestLag | null {
  const arrivals = new Arrivals();
  const query = `timestamp(${PROBE_SERIES[path]},instance=~"${probesOf(ases).join('|')}"})`;
  const keepLooking = async () => {
    while (!signal.aborted) {
      const samples = await queryPrometheus(prometheusUrl, query).catch((): Sample[] => []);
      for (const { labels, value } of samples)
        arrivals.saw(labels.instance!, Number(value) * 1000, Date.now());
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  };
  void keepLooking();
  return () => arrivals.lag(Date.now());
}

/** The newest sample of each ASE, and how late each new one came. */
export class Arrivals {
  readonly #newestMs = new Map<string, number>();
  readonly #lagsMs: number[] = [];

  saw(ase: string, takenAtMs: number, nowMs: number): void {
    const before = this.#newestMs.get(ase);
    if (before === takenAtMs) return;
    this.#newestMs.set(ase, takenAtMs);
    // Of the first one it is not known for how long it has been there.
    if (before !== undefined) this.#lagsMs.push(nowMs - takenAtMs);
  }

  /** Null when no new sample was seen. */
  lag(nowMs: number): IngestLag | null {
    if (this.#lagsMs.length === 0) return null;
    return {
      p50Ms: percentile(this.#lagsMs, 50),
      p95Ms: percentile(this.#lagsMs, 95),
      seen: this.#lagsMs.length,
      stalestMs: nowMs - Math.min(...this.#newestMs.values()),
    };
  }
}
