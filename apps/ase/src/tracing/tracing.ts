import { ROOT_CONTEXT } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import packageJson from '../../../../package.json' with { type: 'json' };
import { OPERATOR_METER_NAME, OPERATOR_SERVICE_NAME } from '../../../../telemetry/catalogue.ts';
import { createTokenBucket } from '../connector/tokenBucket.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';
import { OpenSpan, type SpanMaker } from './openSpan.ts';
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

/** Spans that wait for the next export; more are dropped. */
const MAX_QUEUED = 4_096;
/** Small, so that what is written at once stays small in memory. */
const MAX_BATCH = 512;
const EXPORT_EVERY_MS = 1_000;
/** Peers can make us trace whatever the ratio says, but no more than this a second. */
const MAX_INCOMING_A_SECOND = 2_000n;

/** OpenTelemetry traces of one ASE. Spans know their parents by hand: there is no context behind the scenes. */
export function createTracing(options: TracingOptions): Tracing {
  const { metrics, monotonicMs = () => performance.now() } = options;
  const processors = options.exporters.map(
    (exporter) =>
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_QUEUED,
        maxExportBatchSize: MAX_BATCH,
        scheduledDelayMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: EXPORT_EVERY_MS,
      }),
  );
  const maker: SpanMaker = {
    resource: resourceFromAttributes({
      'service.name': options.serviceName ?? OPERATOR_SERVICE_NAME,
      'service.instance.id': options.aseName,
      'service.version': packageJson.version,
    }),
    instrumentationScope: { name: OPERATOR_METER_NAME },
    clock: createSpanClock(),
    newSpanId: ids.generateSpanId.bind(ids),
    ended(span) {
      for (const processor of processors) processor.onEnd(span);
    },
  };
  const sampler = new TraceIdRatioBasedSampler(options.samplingRatio);
  const isSampled = (traceId: string) =>
    sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  const incomingLimit = createTokenBucket(MAX_INCOMING_A_SECOND, monotonicMs);

  function parentOf({ context }: ReadTraceContext): TraceParent | undefined {
    if (!context?.traceFlags) return undefined;
    return {
      traceId: context.traceId,
      header: traceparentOf(context),
      span: (name, spanOptions) => new OpenSpan(maker, context, name, spanOptions),
    };
  }

  return {
    root(name, spanOptions) {
      const traceId = ids.generateTraceId();
      return isSampled(traceId) ? new OpenSpan(maker, { traceId }, name, spanOptions) : undefined;
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
    flush: () => each(processors, (processor) => processor.forceFlush()),
    shutdown: () => each(processors, (processor) => processor.shutdown()),
  };
}

const ids = new RandomIdGenerator();

/** A collector that is away is told by its exporter; nobody else need hear of it. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  await Promise.allSettled(all.map(work));
}
