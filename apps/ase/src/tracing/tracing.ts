import packageJson from '../../../../package.json' with { type: 'json' };
import { OPERATOR_METER_NAME, OPERATOR_SERVICE_NAME } from '../../../../telemetry/catalogue.ts';
import { createTokenBucket } from '../connector/tokenBucket.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';
import { OpenSpan, type SpanMaker } from './openSpan.ts';
import { createSpanClock } from './spanClock.ts';
import { remotePlace, TraceId } from './spanIds.ts';
import { createSpanQueue, type SpanExporter } from './spanQueue.ts';
import { type ReadTraceContext, readTraceContext, traceparentOf } from './traceContext.ts';

/** What a span may say; the names are the guide's, and those of OpenTelemetry where it has one. */
export type SpanAttributes = Partial<Record<SpanAttribute, string | undefined>>;
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
  | 'quote.id'
  | 'quote.path';

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
  /** Sends what has ended; resolves when the collectors took it or did not. Never rejects. */
  flush(): Promise<void>;
  /** Sends what is left and closes the connections. */
  shutdown(): Promise<void>;
}

export interface TracingOptions {
  /** Becomes `service.instance.id`. */
  aseName: string;
  /** What traces call the service; without it what metrics call it. */
  serviceName?: string;
  samplingRatio: number;
  exporters: readonly SpanExporter[];
  metrics: Pick<OperatorMetrics, 'add'>;
  monotonicMs?: () => number;
}

/** Peers can make us trace whatever the ratio says, but no more than this a second. */
const MAX_INCOMING_A_SECOND = 10_000n;

/** OpenTelemetry traces of one ASE. Spans know their parents by hand: there is no context behind the scenes. */
export function createTracing(options: TracingOptions): Tracing {
  const { metrics, monotonicMs = () => performance.now() } = options;
  const queue = createSpanQueue({
    resource: {
      'service.name': options.serviceName ?? OPERATOR_SERVICE_NAME,
      'service.instance.id': options.aseName,
      'service.version': packageJson.version,
    },
    scopeName: OPERATOR_METER_NAME,
    exporters: options.exporters,
  });
  const maker: SpanMaker = { clock: createSpanClock(), ended: queue.add };
  const isSampled = createSampler(options.samplingRatio);
  const incomingLimit = createTokenBucket(MAX_INCOMING_A_SECOND, monotonicMs);

  function parentOf({ context }: ReadTraceContext): TraceParent | undefined {
    if (!context?.isSampled) return undefined;
    const place = remotePlace(context.traceId, context.spanId);
    return {
      traceId: context.traceId,
      get header() {
        return traceparentOf(place);
      },
      span: (name, spanOptions) => new OpenSpan(maker, place.trace, place, name, spanOptions),
    };
  }

  return {
    root(name, spanOptions) {
      const trace = TraceId.random();
      return isSampled(trace) ? new OpenSpan(maker, trace, undefined, name, spanOptions) : undefined;
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
      if (!read.context?.isSampled) return undefined;
      if (incomingLimit.take(1n)) return parentOf(read);
      refuse('too_many');
      return undefined;
    },
    flush: queue.flush,
    shutdown: queue.shutdown,
  };
}

/** As OpenTelemetry's TraceIdRatioBased sampler decides: by the id, so that whoever asks again hears the same. */
export function createSampler(ratio: number): (trace: TraceId) => boolean {
  const bound = ratio >= 1 ? 2 ** 32 : Math.floor(ratio * (2 ** 32 - 1));
  return ({ words: [a, b, c, d] }) => (a ^ b ^ c ^ d) >>> 0 < bound;
}
