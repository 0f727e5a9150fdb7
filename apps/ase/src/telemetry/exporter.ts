import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  convertLegacyOtlpGrpcOptions,
  createOtlpGrpcExportDelegate,
} from '@opentelemetry/otlp-grpc-exporter-base';
import {
  type IExportTraceServiceResponse,
  type ISerializer,
  MetricsExporterMetricsHelper,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { SpanBatch } from '../tracing/spanQueue.ts';
import { TelemetryError, type TelemetryErrorListener } from './errors.ts';
import type { Exemplars } from './exemplars.ts';
import { withExemplars } from './exemplarWire.ts';

const GRPC_UNAVAILABLE = 14;
/** More than the queue of spans ever has under way. */
const SPAN_BATCHES_AT_ONCE = 16;

type ExportCallback = Parameters<PushMetricExporter['export']>[1];

interface ExporterOptions {
  /** OTLP gRPC address, http://host:port */
  endpoint: string;
  timeoutMs: number;
  onError: TelemetryErrorListener;
}

/** `exemplars` are those that go with the next export; left out: none ever do. */
export function metricExporter(
  options: ExporterOptions,
  exemplars?: Exemplars,
): CollectorExporter<ResourceMetrics> {
  const open: OpenChannel<ResourceMetrics> = (config) =>
    exemplars ? openWithExemplars(config, exemplars) : new OTLPMetricExporter(config);
  return new CollectorExporter('metrics', open, options);
}

/** As OTLPMetricExporter is made, but for the exemplars, which it cannot send. */
function openWithExemplars(config: ChannelConfig, exemplars: Exemplars): Channel<ResourceMetrics> {
  const serializer = {
    serializeRequest(metrics: ResourceMetrics) {
      const request = ProtobufMetricsSerializer.serializeRequest(metrics);
      return request && withExemplars(request, exemplars.drain());
    },
    deserializeResponse: ProtobufMetricsSerializer.deserializeResponse.bind(ProtobufMetricsSerializer),
  };
  return new OTLPExporterBase(
    createOtlpGrpcExportDelegate(
      convertLegacyOtlpGrpcOptions(config, 'METRICS'),
      serializer,
      'otlp_grpc_metric_exporter',
      MetricsExporterMetricsHelper,
      undefined,
      'MetricsExportService',
      '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    ),
  );
}

/** Takes requests that are written already: the SDK's exporter would make them of its own spans. */
export function spanExporter(options: ExporterOptions): CollectorExporter<SpanBatch> {
  return new CollectorExporter('spans', openForSpans, options);
}

const SPAN_SERIALIZER: ISerializer<SpanBatch, IExportTraceServiceResponse> = {
  serializeRequest: ({ request }) => request,
  deserializeResponse: ProtobufTraceSerializer.deserializeResponse.bind(ProtobufTraceSerializer),
};

function openForSpans(config: ChannelConfig): Channel<SpanBatch> {
  return new OTLPExporterBase(
    createOtlpGrpcExportDelegate(
      convertLegacyOtlpGrpcOptions({ ...config, concurrencyLimit: SPAN_BATCHES_AT_ONCE }, 'TRACES'),
      SPAN_SERIALIZER,
      'otlp_grpc_span_exporter',
      { name: 'span', countItems: ({ spans }) => spans },
      undefined,
      'TraceExportService',
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    ),
  );
}

interface ChannelConfig {
  url: string;
  timeoutMillis: number;
  concurrencyLimit: number;
}
type OpenChannel<T> = (config: ChannelConfig) => Channel<T>;
interface Channel<T> {
  export(items: T, done: ExportCallback): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * OTLP over gRPC that finds a restarted collector at the next export. A gRPC channel by itself waits longer
 * after each failed attempt, up to two minutes, and the exporter has no setting for it; so a failed export
 * throws the channel away. Nothing is queued here: totals are cumulative and the collector's queue is on disk, and a
 * span that is lost is no money.
 */
export class CollectorExporter<T> {
  readonly #what: string;
  readonly #open: OpenChannel<T>;
  readonly #endpoint: string;
  readonly #timeoutMs: number;
  readonly #onError: TelemetryErrorListener;
  #channel: Channel<T> | undefined;
  #trouble: string | undefined;

  constructor(what: string, open: OpenChannel<T>, options: ExporterOptions) {
    this.#what = what;
    this.#open = open;
    this.#endpoint = options.endpoint;
    this.#timeoutMs = options.timeoutMs;
    this.#onError = options.onError;
  }

  export(items: T, done: ExportCallback): void {
    this.#channel ??= this.#open({
      url: this.#endpoint,
      timeoutMillis: this.#timeoutMs,
      concurrencyLimit: 2,
    });
    const channel = this.#channel;
    channel.export(items, (result) => {
      if (result.error) this.#failed(channel, result.error);
      else this.#trouble = undefined;
      done(result);
    });
  }

  /** Why the newest export failed; undefined when it did not, or before the first. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  async forceFlush(): Promise<void> {
    await this.#channel?.forceFlush();
  }

  async shutdown(): Promise<void> {
    await this.#channel?.shutdown();
  }

  #failed(channel: Channel<T>, cause: Error): void {
    // A slow collector (deadline passed) keeps its connection.
    if (this.#channel === channel && 'code' in cause && cause.code === GRPC_UNAVAILABLE) {
      this.#channel = undefined;
      channel.shutdown().catch(() => {});
    }
    const isNew = this.#trouble === undefined;
    this.#trouble = cause.message;
    if (!isNew) return;
    this.#onError(
      new TelemetryError('export_failed', `${this.#endpoint} does not take ${this.#what}: ${cause.message}`, {
        cause,
      }),
    );
  }
}
