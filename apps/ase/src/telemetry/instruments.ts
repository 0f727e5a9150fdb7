import {
  type Histogram,
  type Meter,
  type Observable,
  type ObservableGauge,
  ValueType,
} from '@opentelemetry/api';
import {
  CATALOGUE,
  type InstrumentKind,
  type LabelsOf,
  type MetricName,
  type MetricOfKind,
} from '../../../../telemetry/catalogue.ts';
import { instrumentName, specOf } from '../../../../telemetry/names.ts';
import { TelemetryError, type TelemetryErrorCode, type TelemetryErrorListener } from './errors.ts';
import type { Exemplars, MeasuredIn } from './exemplars.ts';
import { LabelSets } from './labelSets.ts';

/**
 * How programs of this ASE speak of what happened; every method returns at once and never throws.
 * What is wrong with a call is told to the telemetry's `onError`.
 */
export interface OperatorMetrics {
  /** `by` is 0 or more and at most 2^53 - 1; call it after the commit that it reports. */
  add<N extends MetricOfKind<'counter'>>(name: N, labels: LabelsOf<N>, by: bigint): void;
  change<N extends MetricOfKind<'updowncounter'>>(name: N, labels: LabelsOf<N>, by: number): void;
  /** `value` in the metric's unit, seconds for all durations; with the span that tells more about it, if there is one. */
  record<N extends MetricOfKind<'histogram'>>(
    name: N,
    labels: LabelsOf<N>,
    value: number,
    measuredIn?: MeasuredIn,
  ): void;
  /** `read` is asked at every export and every look at /metrics; it must be quick. A second call for a name replaces the first. */
  observe<N extends MetricOfKind<'gauge'>>(
    name: N,
    read: () => Array<{ labels: LabelsOf<N>; value: number }>,
  ): void;
}

/** Series a metric may have. Far above what this playground needs, far below what hurts. */
export const LABEL_SETS_LIMIT = 500;

const MAX_TOTAL = BigInt(Number.MAX_SAFE_INTEGER);

/** Makes every instrument of the catalogue, and nothing else, on `meter`. */
export function createInstruments(meter: Meter, onError: TelemetryErrorListener, exemplars?: Exemplars) {
  const report = onceAMetric(onError);
  const labelSets = new Map<MetricName, LabelSets>();
  const histograms = new Map<MetricName, Histogram>();
  const gauges = new Map<MetricName, ObservableGauge>();
  const readers = new Map<MetricName, () => Array<{ labels: Record<string, string>; value: number }>>();

  // The totals are kept here, exactly, and read when they are exported: the SDK would look up its series at every event.
  for (const name of namesOfKind('counter'))
    showTotals(name, meter.createObservableCounter(...described(name)));
  for (const name of namesOfKind('updowncounter')) {
    showTotals(name, meter.createObservableUpDownCounter(...described(name)));
  }
  for (const name of namesOfKind('histogram'))
    histograms.set(name, meter.createHistogram(...described(name)));
  for (const name of namesOfKind('gauge')) {
    const gauge = meter.createObservableGauge(...described(name));
    gauges.set(name, gauge);
    gauge.addCallback((result) => {
      try {
        for (const { labels, value } of readers.get(name)?.() ?? []) {
          result.observe(value, setOf(name, labels).attributes);
        }
      } catch (cause) {
        report('observer_failed', name, 'its reader threw', cause);
      }
    });
  }

  function showTotals(name: MetricName, instrument: Observable): void {
    instrument.addCallback((result) => {
      for (const { attributes, total } of setsOf(name).all()) result.observe(total, attributes);
    });
  }

  function setsOf(name: MetricName): LabelSets {
    let sets = labelSets.get(name);
    if (!sets) {
      sets = new LabelSets(specOf(name).labels, LABEL_SETS_LIMIT, () =>
        report('too_many_label_sets', name, `more than ${LABEL_SETS_LIMIT} label sets`),
      );
      labelSets.set(name, sets);
    }
    return sets;
  }

  const setOf = (name: MetricName, labels: Readonly<Record<string, string>>) => setsOf(name).of(labels);

  function addTo(name: MetricName, labels: Readonly<Record<string, string>>, by: number): void {
    const set = setOf(name, labels);
    const total = set.total + by;
    if (Number.isSafeInteger(total)) set.total = total;
    else report('total_not_exact', name, `${set.total} + ${by} passes 2^53 - 1`);
  }

  const metrics: OperatorMetrics = {
    add(name, labels, by) {
      if (by < 0n || by > MAX_TOTAL) report('bad_value', name, `cannot add ${by}`);
      else addTo(name, labels, Number(by));
    },
    change(name, labels, by) {
      if (Number.isSafeInteger(by)) addTo(name, labels, by);
      else report('bad_value', name, `cannot change by ${by}`);
    },
    record(name, labels, value, measuredIn) {
      if (value >= 0 && Number.isFinite(value)) {
        const { attributes } = setOf(name, labels);
        histograms.get(name)?.record(value, attributes);
        if (measuredIn)
          exemplars?.offer(instrumentName(name), specOf(name).buckets ?? [], attributes, value, measuredIn);
      } else report('bad_value', name, `cannot record ${value}`);
    },
    observe(name, read) {
      readers.set(name, read);
    },
  };

  /** Makes a series exist before its first event. */
  function startAtZero(name: MetricName, labels: Record<string, string>): void {
    const { attributes } = setOf(name, labels);
    // A histogram has no zero to add, but a value that is not a number makes its series and counts nowhere.
    histograms.get(name)?.record(Number.NaN, attributes);
  }

  return { metrics, startAtZero };
}

function namesOfKind<K extends InstrumentKind>(kind: K): MetricOfKind<K>[] {
  return (Object.keys(CATALOGUE) as MetricName[]).filter(
    (name): name is MetricOfKind<K> => CATALOGUE[name].kind === kind,
  );
}

function described(name: MetricName) {
  const { kind, unit, help, buckets } = specOf(name);
  const integer = kind === 'counter' || kind === 'updowncounter';
  return [
    instrumentName(name),
    {
      description: help,
      unit,
      valueType: integer ? ValueType.INT : ValueType.DOUBLE,
      ...(buckets && { advice: { explicitBucketBoundaries: [...buckets] } }),
    },
  ] as const;
}

/** A broken caller in a hot path must not fill the log. */
function onceAMetric(onError: TelemetryErrorListener) {
  const told = new Set<string>();
  return (code: TelemetryErrorCode, name: MetricName, what: string, cause?: unknown) => {
    if (told.has(`${code} ${name}`)) return;
    told.add(`${code} ${name}`);
    onError(new TelemetryError(code, `${name}: ${what}`, { cause }));
  };
}
