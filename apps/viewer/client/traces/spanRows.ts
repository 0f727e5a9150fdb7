import { endOf, type Span, startOf, type Trace } from './jaegerApi.ts';

/** One line of a waterfall. */
export interface SpanRow {
  span: Span;
  /** 0 for the first span of a trace. */
  depth: number;
  /** Where its bar begins and how long it is, as shares of the whole trace. */
  left: number;
  width: number;
  /** Milliseconds after the trace began. */
  offsetMs: number;
}

/** More are not drawn: nobody reads them. */
export const MAX_ROWS = 1_000;

/** Every span below its parent, earliest first. */
export function spanRows(trace: Trace): SpanRow[] {
  const beginMs = startOf(trace);
  const wholeMs = Math.max(endOf(trace) - beginMs, 0.001);
  const children = Map.groupBy(trace.spans, ({ parentId }) => parentId);
  const rows: SpanRow[] = [];
  const seen = new Set<string>();
  const add = (parentId: string | undefined, depth: number) => {
    const spans = (children.get(parentId) ?? []).toSorted((a, b) => a.startMs - b.startMs);
    for (const span of spans) {
      // What comes over a wire may be a circle.
      if (seen.has(span.id) || rows.length >= MAX_ROWS) continue;
      seen.add(span.id);
      const offsetMs = span.startMs - beginMs;
      rows.push({ span, depth, offsetMs, left: offsetMs / wholeMs, width: span.durationMs / wholeMs });
      add(span.id, depth + 1);
    }
  };
  add(undefined, 0);
  return rows;
}

/** What a trace is about, in a few words. */
export function traceTitle({ spans }: Trace): string {
  const named = (name: string) => spans.find((span) => span.name === name);
  const payment = named('payment');
  if (payment) return `Payment of ${amountOf(spans, payment)}`;
  const settlement = named('settlement');
  if (settlement) return `Settlement by ${settlement.attributes['settlement.method']}`;
  const first = named('quote');
  return first ? `Quote for ${amountOf(spans, first)}` : 'Part of a trace';
}

/** The quote knows the asset. Units of any scale: only the ledger says where the point goes. */
function amountOf(spans: readonly Span[], { attributes }: Span): string {
  const asset = spans.find(({ name }) => name === 'quote')?.attributes['ilp.asset'];
  return [attributes['ilp.amount'] ?? '?', 'units', asset && `of ${asset}`].filter(Boolean).join(' ');
}

/** `1.24 ms`, `312 ms`, `1.6 s`. */
export function durationText(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(ms >= 10_000 ? 0 : 1)} s`;
  return `${ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2)} ms`;
}
