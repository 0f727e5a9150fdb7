import type { Attributes } from '@opentelemetry/api';

/** Where a measurement was made: the span that tells more about it. */
export interface MeasuredIn {
  readonly traceId: string;
  readonly spanId: string;
}

/** A measurement that stands for those around it, with the trace that it is from. */
export interface Exemplar extends MeasuredIn {
  value: number;
  /** Unix milliseconds. */
  atMs: number;
}

/** Its ids are asked for when it is exported: of many measurements few are. */
interface Offered extends Pick<Exemplar, 'value' | 'atMs'> {
  measuredIn: MeasuredIn;
}

/** Exemplars of one series of a histogram. */
export interface SeriesExemplars {
  attributes: Attributes;
  exemplars: Exemplar[];
}

/** Exemplars since the last export: the newest of each bucket of each series, so their number is bounded. */
export class Exemplars {
  readonly #series = new Map<string, Map<Attributes, Map<number, Offered>>>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** `attributes` is the object that stands for the series, the same one each time. */
  offer(
    instrument: string,
    bounds: readonly number[],
    attributes: Attributes,
    value: number,
    measuredIn: MeasuredIn,
  ): void {
    const ofInstrument = getOrAdd(this.#series, instrument);
    const ofSeries = getOrAdd(ofInstrument, attributes);
    const above = bounds.findIndex((bound) => value <= bound);
    ofSeries.set(above, { value, atMs: this.#nowMs(), measuredIn });
  }

  /** What there is, by instrument, oldest first; from now on there is nothing. */
  drain(): Map<string, SeriesExemplars[]> {
    const drained = new Map<string, SeriesExemplars[]>();
    for (const [instrument, series] of this.#series) {
      drained.set(
        instrument,
        [...series].map(([attributes, buckets]) => ({
          attributes,
          exemplars: [...buckets.values()].sort((a, b) => a.atMs - b.atMs).map(exemplarOf),
        })),
      );
    }
    this.#series.clear();
    return drained;
  }
}

const exemplarOf = ({ value, atMs, measuredIn: { traceId, spanId } }: Offered): Exemplar => ({
  value,
  atMs,
  traceId,
  spanId,
});

function getOrAdd<K, A, B>(maps: Map<K, Map<A, B>>, key: K): Map<A, B> {
  const found = maps.get(key) ?? new Map<A, B>();
  maps.set(key, found);
  return found;
}
