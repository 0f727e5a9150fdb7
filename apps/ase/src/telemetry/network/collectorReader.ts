import { type MetricData, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { TelemetryErrorListener } from '../errors.ts';
import { type CollectorExporter, metricExporter } from '../exporter.ts';

/** How one collector is doing. */
export interface CollectorHealth {
  url: string;
  /** Undefined before the first export has ended. */
  ok: boolean | undefined;
}

const FIRST_RETRY_MS = 500;
const MAX_TIMEOUT_MS = 10_000;

/**
 * Sends everything to one collector when it is told to, and tries again soon after a failure. Totals are cumulative,
 * so nothing is queued: a collector that was away gets the newest ones. While one export is under way another is not
 * begun, but what is wanted meanwhile follows it; a collector that never answers costs one connection, and nobody waits.
 */
export class CollectorReader extends MetricReader {
  readonly #url: string;
  readonly #exporter: CollectorExporter<ResourceMetrics>;
  readonly #intervalMs: number;
  readonly #alsoTell: () => MetricData[];
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  #isWantedAgain = false;
  #ok: boolean | undefined;
  #stopped = false;

  constructor(options: {
    url: string;
    intervalMs: number;
    /** What goes out beside the metrics of the meter, as if it were one of them. */
    alsoTell: () => MetricData[];
    onError: TelemetryErrorListener;
  }) {
    super();
    this.#url = options.url;
    this.#intervalMs = options.intervalMs;
    this.#alsoTell = options.alsoTell;
    this.#exporter = metricExporter({
      endpoint: options.url,
      timeoutMs: Math.min(options.intervalMs, MAX_TIMEOUT_MS),
      onError: options.onError,
    });
  }

  get health(): CollectorHealth {
    return { url: this.#url, ok: this.#ok };
  }

  /** Resolves when the collector has answered or its time is over; never rejects. */
  send(): Promise<void> {
    clearTimeout(this.#retry);
    if (this.#underWay) this.#isWantedAgain = true;
    this.#underWay ??= this.#sendAll().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #sendAll(): Promise<void> {
    do {
      this.#isWantedAgain = false;
      this.#ok = await this.#export().catch(() => false);
    } while (this.#ok && this.#isWantedAgain);
    if (this.#ok) {
      this.#retryMs = FIRST_RETRY_MS;
    } else if (!this.#stopped && this.#retryMs < this.#intervalMs) {
      this.#retry = setTimeout(() => void this.send(), this.#retryMs);
      this.#retry.unref();
      this.#retryMs *= 2;
    }
  }

  async #export(): Promise<boolean> {
    const { resourceMetrics } = await this.collect();
    resourceMetrics.scopeMetrics[0]?.metrics.push(...this.#alsoTell());
    return new Promise((resolve) =>
      this.#exporter.export(resourceMetrics, ({ error }) => resolve(error === undefined)),
    );
  }

  protected override onForceFlush(): Promise<void> {
    return this.send();
  }

  protected override async onShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#exporter.shutdown();
  }
}
