import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import packageJson from '../../../../package.json' with { type: 'json' };
import {
  type LabelsOf,
  type LedgerCounter,
  OPERATOR_METER_NAME,
  OPERATOR_SERVICE_NAME,
} from '../../../../telemetry/catalogue.ts';
import type { Total } from '../ledger/types.ts';
import type { TelemetryErrorListener } from './errors.ts';
import { Exemplars } from './exemplars.ts';
import { type CollectorExporter, metricExporter } from './exporter.ts';
import { createInstruments, type OperatorMetrics } from './instruments.ts';
import { zeroMeasurements, zeroTotals } from './knownSeries.ts';
import { renderPrometheusText } from './prometheusText.ts';

export type { OperatorMetrics } from './instruments.ts';

export interface OperatorTelemetryOptions {
  /** Becomes `service.instance.id` and so the label `instance`; stable over restarts. */
  aseName: string;
  /** Of the resource, beside the name: what `target_info` says. */
  resourceAttributes?: Readonly<Record<string, string>>;
  /** OTLP gRPC address of the collector, http://host:port; empty: nothing is exported, no socket is opened. */
  endpoint: string;
  exportIntervalMs: number;
  /** The durable totals, read before the first payment of this process. */
  ledgerTotals: readonly Total[];
  /** Asset codes and peers whose series stand at 0 before their first event. */
  assets: readonly string[];
  peers: ReadonlyArray<{ id: string; assetCode: string }>;
  onError: TelemetryErrorListener;
}

export interface OperatorTelemetry {
  metrics: OperatorMetrics;
  /** All metrics of this process in Prometheus text format 0.0.4. */
  renderMetricsText(): Promise<string>;
  /** Why the collector did not take the newest export; undefined when it did. */
  exportTrouble(): string | undefined;
  /** Exports now; resolves when the collector took it or the export interval has passed. */
  forceFlush(): Promise<void>;
  /** Exports once more and closes the connection. */
  shutdown(): Promise<void>;
}

/** Exact telemetry of one ASE for its own operator. */
export function createOperatorTelemetry(options: OperatorTelemetryOptions): OperatorTelemetry {
  const onError: TelemetryErrorListener = (error) => {
    try {
      options.onError(error);
    } catch {
      // A broken listener must not fail the payment that met the error.
    }
  };
  const pullReader = new PullReader();
  const exemplars = options.endpoint ? new Exemplars() : undefined;
  const exporter = options.endpoint
    ? metricExporter({ endpoint: options.endpoint, timeoutMs: options.exportIntervalMs, onError }, exemplars)
    : undefined;
  const provider = new MeterProvider({
    resource: resourceFromAttributes({
      ...options.resourceAttributes,
      'service.name': OPERATOR_SERVICE_NAME,
      'service.instance.id': options.aseName,
      'service.version': packageJson.version,
    }),
    readers: exporter ? [pullReader, pushReader(exporter, options)] : [pullReader],
  });
  const { metrics, startAtZero } = createInstruments(
    provider.getMeter(OPERATOR_METER_NAME),
    onError,
    exemplars,
  );

  for (const { name, labels } of zeroMeasurements()) startAtZero(name, labels);
  // A counter starts where the books stand, so that a killed process takes nothing back.
  const totals = [...zeroTotals(options.assets, options.peers), ...options.ledgerTotals];
  for (const { quantity, labels, value } of totals) {
    metrics.add(quantity, labels as LabelsOf<LedgerCounter>, value);
  }

  return {
    metrics,
    renderMetricsText: async () => renderPrometheusText((await pullReader.collect()).resourceMetrics),
    exportTrouble: () => exporter?.trouble,
    forceFlush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
  };
}

function pushReader(
  exporter: CollectorExporter<ResourceMetrics>,
  { exportIntervalMs }: OperatorTelemetryOptions,
): MetricReader {
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: exportIntervalMs,
    exportTimeoutMillis: exportIntervalMs,
  });
}

/** Collects only when somebody looks. */
class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
