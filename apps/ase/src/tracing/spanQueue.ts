import { type EndedSpan, SpanWriter } from './spanWire.ts';

/** Spans on their way to a collector. */
export interface SpanBatch {
  /** An OTLP ExportTraceServiceRequest. */
  request: Uint8Array;
  spans: number;
}

export interface SpanExporter {
  /** `done` is called once, when the collector took it or did not. */
  export(batch: SpanBatch, done: () => void): void;
  shutdown(): Promise<void>;
}

export interface SpanQueueOptions {
  /** Attributes of the resource. */
  resource: Readonly<Record<string, string>>;
  scopeName: string;
  /** Each gets every span. */
  exporters: readonly SpanExporter[];
}

const EXPORT_EVERY_MS = 1_000;
/** An export costs as much as many spans; this many are some 150 kB. */
const MAX_BATCH = 1_024;
/** Batches that one collector may leave unanswered; more are dropped for it, and not for the others. */
const MAX_UNDER_WAY = 4;

/** Collects what has ended and sends it, once a second and when there is enough for a batch. */
export function createSpanQueue({ resource, scopeName, exporters }: SpanQueueOptions) {
  const writer = new SpanWriter(resource, scopeName);
  const underWay = new Map(exporters.map((exporter) => [exporter, new Set<Promise<void>>()]));
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    if (writer.count === 0) return;
    const spans = writer.count;
    const batch = { request: writer.take(), spans };
    for (const [exporter, batches] of underWay) {
      if (batches.size >= MAX_UNDER_WAY) continue;
      const { promise, resolve } = Promise.withResolvers<void>();
      batches.add(promise);
      exporter.export(batch, () => {
        batches.delete(promise);
        resolve();
      });
    }
  }

  /** Sends what there is; resolves when every collector took it or did not. */
  async function flush(): Promise<void> {
    send();
    await Promise.all([...underWay.values()].flatMap((batches) => [...batches]));
  }

  return {
    add(span: EndedSpan): void {
      if (isClosed) return;
      writer.add(span);
      if (writer.count >= MAX_BATCH || writer.isFull) send();
      else timer ??= setTimeout(send, EXPORT_EVERY_MS).unref();
    },
    flush,
    /** Sends what is left and closes the connections. */
    async shutdown(): Promise<void> {
      isClosed = true;
      await flush();
      await Promise.allSettled(exporters.map((exporter) => exporter.shutdown()));
    },
  };
}
