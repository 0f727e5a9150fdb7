import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import packageJson from '../../../../package.json' with { type: 'json' };
import { OPERATOR_METER_NAME, OPERATOR_SERVICE_NAME } from '../../../../telemetry/catalogue.ts';
import { createTokenBucket } from '../connector/tokenBucket.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';
import { createSpanClock } from './spanClock.ts';
import { type ReadTraceContext, readTraceContext, traceparentOf } from './traceContext.ts';

/** What a span may say; the names are the guide's, and those of OpenTelemetry where it has one. */
export type SpanAttributes = Partial<Record<SpanAttribute, string | number | undefined>>;
type SpanAttribute =
  | 'ilp.destination'
  | 'ilp.amount'
  | 'ilp.asset'
  | 'ilp.reject.code'
  | 'peer.source'
  | 'peer.destination'
  | 'settlement.method'
  | 'settlement.amount'
  | 'error.type'
  | 'payment.id'
  | 'payment.state'
  | 'payment.direction'
  | 'quote.id';

export interface SpanOptions {
  kind?: 'internal' | 'client' | 'server';
  attributes?: SpanAttributes;
  /** When it began, by `performance.now()`; now when left out. */
  startedMs?: number | undefined;
  /** The same in Unix milliseconds, for what began before this process looked. */
  startedAtMs?: number | undefined;
}

/** Something of a trace that others can be part of. What is not sampled has none of these: nothing is made for it. */
export interface TraceParent {
  readonly traceId: string;
  /** The `traceparent` header that makes a peer's spans part of it. */
  readonly header: string;
  span(name: string, options?: SpanOptions): TraceSpan;
}

/** One span under way. */
export interface TraceSpan extends TraceParent {
  readonly spanId: string;
  set(attributes: SpanAttributes): void;
  /** Ends it; `errorType` makes it a failure. */
  end(errorType?: string): void;
}

export interface Tracing {
  /** A new trace; undefined when the ratio leaves it out. */
  root(name: string, options?: SpanOptions): TraceSpan | undefined;
  /** What a header of our own says; undefined when it was not sampled. */
  resume(traceparent: string): TraceParent | undefined;
  /** What a peer says with a packet or a claim. Headers that make no sense, or too many of them, are counted. */
  incoming(headers: {
    traceparent?: string | undefined;
    tracestate?: string | undefined;
  }): TraceParent | undefined;
  /** Sends what is left and closes the connections. */
  shutdown(): Promise<void>;
}

export interface TracingOptions {
  /** Becomes `service.instance.id`. */
  aseName: string;
  samplingRatio: number;
  exporters: readonly SpanExporter[];
  metrics: Pick<OperatorMetrics, 'add'>;
  monotonicMs?: () => number;
}

/** Spans that wait for the next export; more are dropped. */
const MAX_QUEUED = 4_096;
const MAX_BATCH = 1_024;
const EXPORT_EVERY_MS = 1_000;
const MAX_ATTRIBUTES = 16;
const MAX_ATTRIBUTE_CHARACTERS = 1_024;
/** Peers can make us trace whatever the ratio says, but no more than this a second. */
const MAX_INCOMING_A_SECOND = 2_000n;

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER };

/** OpenTelemetry traces of one ASE. Spans know their parents by hand: there is no context behind the scenes. */
export function createTracing(options: TracingOptions): Tracing {
  const { metrics, monotonicMs = () => performance.now() } = options;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': OPERATOR_SERVICE_NAME,
      'service.instance.id': options.aseName,
      'service.version': packageJson.version,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.samplingRatio) }),
    spanLimits: {
      attributeCountLimit: MAX_ATTRIBUTES,
      attributeValueLengthLimit: MAX_ATTRIBUTE_CHARACTERS,
      eventCountLimit: 0,
      linkCountLimit: 0,
    },
    spanProcessors: options.exporters.map(
      (exporter) =>
        new BatchSpanProcessor({
          exporter,
          maxQueueSize: MAX_QUEUED,
          maxExportBatchSize: MAX_BATCH,
          scheduledDelayMillis: EXPORT_EVERY_MS,
          exportTimeoutMillis: EXPORT_EVERY_MS,
        }),
    ),
  });
  const tracer = provider.getTracer(OPERATOR_METER_NAME);
  const incomingLimit = createTokenBucket(MAX_INCOMING_A_SECOND, monotonicMs);

  const clock = createSpanClock();

  function start(parent: Context, name: string, spanOptions: SpanOptions = {}): Span {
    const { kind = 'internal', attributes = {}, startedMs, startedAtMs } = spanOptions;
    const startTime = startedAtMs ?? clock(startedMs ?? performance.now());
    return tracer.startSpan(
      name,
      { kind: KINDS[kind], attributes: attributes as Attributes, startTime },
      parent,
    );
  }

  /** A class: there are several of them for each packet that is traced. */
  class OpenSpan implements TraceSpan {
    readonly #span: Span;
    #context: Context | undefined;

    constructor(span: Span) {
      this.#span = span;
    }
    get traceId() {
      return this.#span.spanContext().traceId;
    }
    get spanId() {
      return this.#span.spanContext().spanId;
    }
    get header() {
      return traceparentOf(this.#span.spanContext());
    }
    span(name: string, spanOptions?: SpanOptions): TraceSpan {
      this.#context ??= trace.setSpan(ROOT_CONTEXT, this.#span);
      return new OpenSpan(start(this.#context, name, spanOptions));
    }
    set(attributes: SpanAttributes): void {
      this.#span.setAttributes(attributes as Attributes);
    }
    end(errorType?: string): void {
      if (errorType !== undefined) {
        this.#span.setAttribute('error.type', errorType);
        this.#span.setStatus({ code: SpanStatusCode.ERROR });
      }
      this.#span.end(clock(performance.now()));
    }
  }

  function parentOf({ context }: ReadTraceContext): TraceParent | undefined {
    if (!context?.traceFlags) return undefined;
    const parent = trace.setSpanContext(ROOT_CONTEXT, context);
    return {
      traceId: context.traceId,
      header: traceparentOf(context),
      span: (name, spanOptions) => new OpenSpan(start(parent, name, spanOptions)),
    };
  }

  return {
    root(name, spanOptions) {
      const span = start(ROOT_CONTEXT, name, spanOptions);
      return span.isRecording() ? new OpenSpan(span) : undefined;
    },
    resume: (traceparent) => parentOf(readTraceContext(traceparent, undefined)),
    incoming({ traceparent, tracestate }) {
      if (traceparent === undefined && tracestate === undefined) return undefined;
      const read = readTraceContext(traceparent, tracestate);
      const refuse = (reason: 'malformed' | 'oversized' | 'too_many') =>
        metrics.add('trace_contexts_refused_total', { reason }, 1n);
      if (read.refused) {
        refuse(read.refused);
        return undefined;
      }
      if (!read.context?.traceFlags) return undefined;
      if (incomingLimit.take(1n)) return parentOf(read);
      refuse('too_many');
      return undefined;
    },
    shutdown: () => provider.shutdown(),
  };
}
