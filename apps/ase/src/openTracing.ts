import type { Settings } from './settings.ts';
import type { TelemetryErrorListener } from './telemetry/errors.ts';
import { spanExporter } from './telemetry/exporter.ts';
import type { OperatorMetrics } from './telemetry/operatorMetrics.ts';
import { createTracing, type Tracing } from './tracing/tracing.ts';

const EXPORT_TIMEOUT_MS = 1_000;

/** The traces of an ASE; undefined when it makes none, and then nothing on the way of a packet knows of them. */
export function openTracing(parts: {
  settings: Settings;
  metrics: OperatorMetrics;
  onError: TelemetryErrorListener;
}): Tracing | undefined {
  const { settings, metrics, onError } = parts;
  const { enabled, collectorUrls, samplingRatio } = settings.tracing;
  if (!enabled) return undefined;
  return createTracing({
    aseName: settings.name,
    serviceName: settings.observability.traceServiceName,
    samplingRatio,
    metrics,
    exporters: collectorUrls.map((endpoint) =>
      spanExporter({ endpoint, timeoutMs: EXPORT_TIMEOUT_MS, onError }),
    ),
  });
}
