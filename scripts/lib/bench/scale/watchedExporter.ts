import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { DataPointType, type PushMetricExporter, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { CollectorExporter } from '../../../../apps/ase/src/telemetry/exporter.ts';
import type { ExportTally } from './exportTally.ts';

/**
 * The exporter of an ASE, over a connection of its own, with a count of what it does.
 * @param options.afterwards called when an export has ended, well or not: the time for values to move on
 */
export function watchedExporter(options: {
  aseName: string;
  endpoint: string;
  timeoutMs: number;
  tally: ExportTally;
  afterwards: () => void;
}): PushMetricExporter {
  const { aseName, endpoint, timeoutMs, tally, afterwards } = options;
  // gRPC shares a connection among all channels of a process that are alike; a name of its own makes one unlike the others.
  const open = (config: { url: string; timeoutMillis: number; concurrencyLimit: number }) =>
    new OTLPMetricExporter({ ...config, userAgent: aseName });
  const onError = ({ cause }: Error) => tally.trouble(reasonOf(cause));
  const exporter = new CollectorExporter<ResourceMetrics>('metrics', open, { endpoint, timeoutMs, onError });
  return {
    export(metrics, done) {
      const ended = tally.begun(aseName, samplesOf(metrics));
      exporter.export(metrics, (result) => {
        ended(result.error === undefined);
        done(result);
        afterwards();
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

/** What gRPC says, without address and time, which differ from export to export. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/ after \d.*$/s, '').split('\n')[0]!;
}

/** What Prometheus makes of it: of a histogram a sample for each bucket, one for the sum and one for the count. */
function samplesOf({ scopeMetrics }: ResourceMetrics): number {
  let samples = 0;
  for (const { metrics } of scopeMetrics) {
    for (const metric of metrics) {
      if (metric.dataPointType !== DataPointType.HISTOGRAM) samples += metric.dataPoints.length;
      else for (const { value } of metric.dataPoints) samples += value.buckets.counts.length + 2;
    }
  }
  return samples;
}
