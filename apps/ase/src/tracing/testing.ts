import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { createTracing, type Tracing } from './tracing.ts';

/** Tracing whose spans stay here, for tests. */
export function recordedTracing(samplingRatio = 1): {
  tracing: Tracing;
  /** Refusals that were counted, by reason. */
  refused: string[];
  /** All spans that have ended, in the order of their ends. */
  spans(): Promise<ReadableSpan[]>;
} {
  const kept: ReadableSpan[] = [];
  const refused: string[] = [];
  const exporter: SpanExporter = {
    export(spans, done) {
      kept.push(...spans);
      done({ code: 0 });
    },
    async shutdown() {},
  };
  const tracing = createTracing({
    aseName: 'here',
    samplingRatio,
    exporters: [exporter],
    metrics: { add: (_name, labels) => void refused.push((labels as { reason: string }).reason) },
    // Time stands still: the limit a second is reached whatever the machine does.
    monotonicMs: () => 0,
  });
  return {
    tracing,
    refused,
    async spans() {
      await tracing.flush();
      return kept;
    },
  };
}
