import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { TelemetryError, type TelemetryErrorListener } from './errors.ts';

const GRPC_UNAVAILABLE = 14;

type ExportCallback = Parameters<PushMetricExporter['export']>[1];

/**
 * OTLP over gRPC that finds a restarted collector at the next export. A gRPC channel by itself waits longer
 * after each failed attempt, up to two minutes, and the exporter has no setting for it; so a failed export
 * throws the channel away. Nothing is queued here: totals are cumulative and the collector's queue is on disk.
 */
export class CollectorExporter implements PushMetricExporter {
  readonly #endpoint: string;
  readonly #timeoutMs: number;
  readonly #onError: TelemetryErrorListener;
  #channel: OTLPMetricExporter | undefined;
  #trouble: string | undefined;

  constructor(options: { endpoint: string; timeoutMs: number; onError: TelemetryErrorListener }) {
    this.#endpoint = options.endpoint;
    this.#timeoutMs = options.timeoutMs;
    this.#onError = options.onError;
  }

  export(metrics: ResourceMetrics, done: ExportCallback): void {
    this.#channel ??= this.#openChannel();
    const channel = this.#channel;
    channel.export(metrics, (result) => {
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

  #openChannel(): OTLPMetricExporter {
    return new OTLPMetricExporter({
      url: this.#endpoint,
      timeoutMillis: this.#timeoutMs,
      concurrencyLimit: 2,
    });
  }

  #failed(channel: OTLPMetricExporter, cause: Error): void {
    // A slow collector (deadline passed) keeps its connection.
    if (this.#channel === channel && 'code' in cause && cause.code === GRPC_UNAVAILABLE) {
      this.#channel = undefined;
      channel.shutdown().catch(() => {});
    }
    const isNew = this.#trouble === undefined;
    this.#trouble = cause.message;
    if (!isNew) return;
    this.#onError(
      new TelemetryError('export_failed', `${this.#endpoint} does not take metrics: ${cause.message}`, {
        cause,
      }),
    );
  }
}
