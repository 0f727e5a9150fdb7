import {
  type Attributes,
  type HrTime,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { traceparentOf } from './traceContext.ts';
import type { SpanAttributes, SpanOptions, TraceSpan } from './tracing.ts';

/** What all spans of one ASE share. */
export interface SpanMaker extends Pick<ReadableSpan, 'resource' | 'instrumentationScope'> {
  /** Unix milliseconds of a moment by `performance.now()`. */
  clock(monotonicMs: number): number;
  newSpanId(): string;
  /** Takes what is to be exported. */
  ended(span: ReadableSpan): void;
}

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER };
const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
const FAILED: SpanStatus = { code: SpanStatusCode.ERROR };
const NO_LIST: never[] = [];

/**
 * A span that is sampled, in the form that OpenTelemetry's exporters read. The SDK's own costs several times as much, for
 * events, links, limits and hooks that nobody uses here, and there are ten of them for each packet.
 */
export class OpenSpan implements TraceSpan, ReadableSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  endTime: HrTime = [0, 0];
  duration: HrTime = [0, 0];
  status = UNSET;
  ended = false;
  readonly attributes: Attributes = {};
  readonly links = NO_LIST;
  readonly events = NO_LIST;
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;
  readonly #maker: SpanMaker;
  readonly #context: SpanContext;
  readonly #startMs: number;

  /** `parent` without a span: the first of its trace. */
  constructor(
    maker: SpanMaker,
    parent: SpanContext | { traceId: string },
    name: string,
    { kind = 'internal', attributes, startedMs, startedAtMs }: SpanOptions = {},
  ) {
    this.#maker = maker;
    this.#context = { traceId: parent.traceId, spanId: maker.newSpanId(), traceFlags: TraceFlags.SAMPLED };
    if ('spanId' in parent) this.parentSpanContext = parent;
    this.name = name;
    this.kind = KINDS[kind];
    this.#startMs = startedAtMs ?? maker.clock(startedMs ?? performance.now());
    this.startTime = toHrTime(this.#startMs);
    if (attributes) this.set(attributes);
  }

  get resource() {
    return this.#maker.resource;
  }
  get instrumentationScope() {
    return this.#maker.instrumentationScope;
  }
  get traceId() {
    return this.#context.traceId;
  }
  get spanId() {
    return this.#context.spanId;
  }
  get header() {
    return traceparentOf(this.#context);
  }
  spanContext(): SpanContext {
    return this.#context;
  }
  span(name: string, options?: SpanOptions): TraceSpan {
    return new OpenSpan(this.#maker, this.#context, name, options);
  }
  set(attributes: SpanAttributes): void {
    for (const key in attributes) {
      const value = attributes[key as keyof SpanAttributes];
      if (value !== undefined) this.attributes[key] = value;
    }
  }
  end(errorType?: string): void {
    // What was handed over for export does not change any more.
    if (this.ended) return;
    if (errorType !== undefined) {
      this.attributes['error.type'] = errorType;
      this.status = FAILED;
    }
    const endMs = Math.max(this.#maker.clock(performance.now()), this.#startMs);
    this.endTime = toHrTime(endMs);
    this.duration = toHrTime(endMs - this.#startMs);
    this.ended = true;
    this.#maker.ended(this);
  }
}

/** Seconds, and nanoseconds of the rest. */
function toHrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.min(Math.round((ms - seconds * 1000) * 1e6), 999_999_999)];
}
