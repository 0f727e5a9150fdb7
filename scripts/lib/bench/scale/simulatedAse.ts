import { ValueType } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { createInstruments, type OperatorMetrics } from '../../../../apps/ase/src/telemetry/instruments.ts';
import {
  CATALOGUE,
  type LabelsOf,
  type MetricName,
  type MetricOfKind,
  OPERATOR_METER_NAME,
  OPERATOR_SERVICE_NAME,
} from '../../../../telemetry/catalogue.ts';
import {
  NETWORK_CATALOGUE,
  NETWORK_COUNTERS,
  NETWORK_INSTANCE_ATTRIBUTE,
  NETWORK_METER_NAME,
  NETWORK_SERVICE_NAME,
  SENDER_OPERATION,
} from '../../../../telemetry/networkCatalogue.ts';
import type { AseTemplate, HistogramTemplate, SeriesTemplate } from './aseTemplate.ts';
import type { ExportTally } from './exportTally.ts';
import { watchedExporter } from './watchedExporter.ts';

export interface SimulatedAseOptions {
  name: string;
  /** OTLP over gRPC, http://host:port */
  endpoint: string;
  intervalMs: number;
  tally: ExportTally;
  /** 0 or more, below 1. */
  random: () => number;
}

export interface SimulatedAse {
  /** Exports at once, whatever the interval; resolves when the export has ended, well or not. */
  exportNow(): Promise<void>;
  /** Exports once more and closes the connection. */
  stop(): Promise<void>;
}

/** What does not move from one export to the next. */
const STILL = new Set<MetricName>([
  'account_credit_limit_units',
  'connector_dependency_up',
  'connector_last_error_timestamp_seconds',
  'exchange_rate',
  'network_amount_error_bound_units',
  'network_privacy_chosen',
  'network_privacy_epsilon',
  'payment_channels_active',
  'process_memory_limit_bytes',
  'process_start_timestamp_seconds',
]);
/** Of what an ASE has counted so far, at most so much comes on top from one export to the next. */
const GROWTH = 0.1;

/** Operator telemetry of an ASE that does not exist: the real instruments and exporter, with the series of a real one. */
export function startOperatorAse(options: SimulatedAseOptions & { template: AseTemplate }): SimulatedAse {
  const { name, template, random, tally } = options;
  const move = () => moveOn(metrics, template, random);
  const { provider, ...ase } = start(options, move, {
    'service.name': OPERATOR_SERVICE_NAME,
    'service.instance.id': name,
  });
  const onError = ({ message }: Error) => tally.trouble(message);
  const { metrics, startAtZero } = createInstruments(provider.getMeter(OPERATOR_METER_NAME), onError);
  for (const series of template.values) begin(metrics, series, random);
  for (const { name, labels } of template.histograms) startAtZero(name, labels);
  observeGauges(metrics, template.values, random);
  move();
  return ase;
}

/** What such an ASE tells its network: counters and histograms as a real one sends them. */
export function startNetworkAse(options: SimulatedAseOptions): SimulatedAse {
  const { name, random } = options;
  const source = { source: name };
  const totals = new Map(NETWORK_COUNTERS.map((counter) => [counter, 0]));
  const record: ((milliseconds: number) => void)[] = [];
  const move = () => {
    for (const [counter, total] of totals) totals.set(counter, total + Math.ceil(random() * 1000));
    for (const each of record) each(random() * 200);
  };
  const { provider, ...ase } = start(options, move, {
    'service.name': NETWORK_SERVICE_NAME,
    [NETWORK_INSTANCE_ATTRIBUTE]: name,
  });
  const meter = provider.getMeter(NETWORK_METER_NAME);
  for (const counter of NETWORK_COUNTERS) {
    const { instrument, help: description } = NETWORK_CATALOGUE[counter];
    meter
      .createObservableCounter(instrument, { description, valueType: ValueType.INT })
      .addCallback((result) => result.observe(totals.get(counter)!, source));
  }
  const operation = { operation: SENDER_OPERATION };
  for (const [metric, labels] of [
    ['ilp_pay_time_ms', source],
    ['ilp_prepare_packet_processing_ms', { ...source, ...operation }],
  ] as const) {
    const { instrument, help: description, buckets } = NETWORK_CATALOGUE[metric];
    const advice = { explicitBucketBoundaries: [...buckets] };
    const histogram = meter.createHistogram(instrument, { description, advice });
    record.push((milliseconds) => histogram.record(milliseconds, labels));
  }
  move();
  return ase;
}

function start(
  { name, endpoint, intervalMs, tally }: SimulatedAseOptions,
  afterwards: () => void,
  resource: Record<string, string>,
) {
  const exporter = watchedExporter({ aseName: name, endpoint, timeoutMs: intervalMs, tally, afterwards });
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: intervalMs,
  });
  const provider = new MeterProvider({ resource: resourceFromAttributes(resource), readers: [reader] });
  return {
    provider,
    exportNow: () => reader.forceFlush().catch(() => {}),
    stop: () => reader.shutdown().catch(() => {}),
  };
}

/** A counter stands where the real one stood, give or take: no two ASEs are alike. */
function begin(
  metrics: OperatorMetrics,
  { name, labels, value }: SeriesTemplate,
  random: () => number,
): void {
  if (isOfKind(name, 'counter')) metrics.add(name, labels as LabelsOf<typeof name>, units(value * random()));
  if (isOfKind(name, 'updowncounter'))
    metrics.change(name, labels as LabelsOf<typeof name>, Math.round(value));
}

/** As after an interval of traffic: what was 0 in the real one stays 0, as most errors do. */
function moveOn(metrics: OperatorMetrics, { values, histograms }: AseTemplate, random: () => number): void {
  for (const { name, labels, value } of values) {
    if (!isOfKind(name, 'counter') || value === 0) continue;
    metrics.add(name, labels as LabelsOf<typeof name>, units(value * GROWTH * random()));
  }
  for (const { name, labels, count, sum } of histograms) {
    if (!isOfKind(name, 'histogram') || count === 0) continue;
    metrics.record(name, labels as LabelsOf<typeof name>, skewed(sum / count, random));
  }
}

function observeGauges(
  metrics: OperatorMetrics,
  values: readonly SeriesTemplate[],
  random: () => number,
): void {
  for (const [name, series] of Map.groupBy(values, ({ name }) => name)) {
    if (!isOfKind(name, 'gauge')) continue;
    const stays = STILL.has(name);
    metrics.observe(name, () =>
      series.map(({ labels, value }) => ({
        labels: labels as LabelsOf<typeof name>,
        value: stays ? value : value * (0.9 + 0.2 * random()),
      })),
    );
  }
}

/** Times are mostly short and seldom long: exponential, with the mean of the real one. */
function skewed(mean: HistogramTemplate['sum'], random: () => number): number {
  return -Math.log(1 - random()) * mean;
}

function units(amount: number): bigint {
  return BigInt(Math.ceil(amount));
}

function isOfKind<K extends (typeof CATALOGUE)[MetricName]['kind']>(
  name: MetricName,
  kind: K,
): name is MetricOfKind<K> {
  return CATALOGUE[name].kind === kind;
}
