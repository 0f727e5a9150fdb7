import type { SpanClock } from './spanClock.ts';
import { nonZero, randomWord, type SpanPlace, spanIdHex, type TraceId } from './spanIds.ts';
import type { EndedSpan, SpanKind } from './spanWire.ts';
import { traceparentOf } from './traceContext.ts';
import type { SpanAttributes, SpanOptions, TraceSpan } from './tracing.ts';

/** What all spans of one ASE share. */
export interface SpanMaker {
  clock: SpanClock;
  /** Takes what is to be exported; it does not change any more. */
  ended(span: EndedSpan): void;
}

/**
 * A span that is sampled. The SDK's own costs many times as much, for events, links, limits and hooks that nobody uses
 * here, and there are eight of them for each packet.
 */
export class OpenSpan implements TraceSpan, EndedSpan {
  readonly trace: TraceId;
  readonly high = nonZero();
  readonly low = randomWord();
  readonly isRemote = false;
  readonly parent: SpanPlace | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startMs: number;
  readonly attributes: Record<string, string | undefined>;
  endMs = 0;
  isFailed = false;
  readonly #maker: SpanMaker;

  /** `parent` left out: the first of its trace. What it is given as attributes becomes its own. */
  constructor(
    maker: SpanMaker,
    trace: TraceId,
    parent: SpanPlace | undefined,
    name: string,
    options: SpanOptions = {},
  ) {
    const { startedMs, startedAtMs } = options;
    this.#maker = maker;
    this.trace = trace;
    this.parent = parent;
    this.name = name;
    this.kind = options.kind ?? 'internal';
    this.attributes = options.attributes ?? {};
    this.startMs = startedAtMs ?? (startedMs === undefined ? maker.clock.now() : maker.clock.at(startedMs));
  }

  get traceId(): string {
    return this.trace.hex;
  }
  get spanId(): string {
    return spanIdHex(this);
  }
  get header(): string {
    return traceparentOf(this);
  }
  span(name: string, options?: SpanOptions): TraceSpan {
    return new OpenSpan(this.#maker, this.trace, this, name, options);
  }
  set(attributes: SpanAttributes): void {
    if (this.endMs === 0) Object.assign(this.attributes, attributes);
  }
  end(errorType?: string): void {
    if (this.endMs !== 0) return;
    if (errorType !== undefined) {
      this.attributes['error.type'] = errorType;
      this.isFailed = true;
    }
    this.endMs = Math.max(this.#maker.clock.now(), this.startMs);
    this.#maker.ended(this);
  }
}
