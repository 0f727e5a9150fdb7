import { type Field, fieldsOf, textOf } from '../telemetry/protobuf.ts';
import type { SpanExporter } from './spanQueue.ts';
import { createTracing, type Tracing } from './tracing.ts';

/** A span as a collector reads it: ids and numbers as OTLP has them. */
export interface RecordedSpan {
  name: string;
  traceId: string;
  spanId: string;
  /** Undefined for the first of a trace. */
  parentId: string | undefined;
  isParentRemote: boolean;
  kind: 'internal' | 'server' | 'client';
  startNs: bigint;
  endNs: bigint;
  attributes: Record<string, string>;
  droppedAttributes: number;
  isFailed: boolean;
  /** Attributes of the resource. */
  resource: Record<string, string>;
  scope: string;
}

/** Tracing whose spans stay here, for tests. */
export function recordedTracing(samplingRatio = 1): {
  tracing: Tracing;
  /** Refusals that were counted, by reason. */
  refused: string[];
  /** All spans that have ended, in the order of their ends. */
  spans(): Promise<RecordedSpan[]>;
} {
  const kept: RecordedSpan[] = [];
  const refused: string[] = [];
  const exporter: SpanExporter = {
    export({ request }, done) {
      kept.push(...readSpans(request));
      done();
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

/** What is in an ExportTraceServiceRequest. Throws at what no collector would understand. */
export function readSpans(request: Uint8Array): RecordedSpan[] {
  return valuesOf(request, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(valuesOf(resourceSpans, 1)[0]!, 1);
    return valuesOf(resourceSpans, 2).flatMap((scopeSpans) => {
      const scope = textOf(valuesOf(scopeSpans, 1)[0]!, 1);
      return valuesOf(scopeSpans, 2).map((span) => ({ ...readSpan(span), resource, scope }));
    });
  });
}

const KINDS = [undefined, 'internal', 'server', 'client'] as const;
const SAMPLED = 0x01;
const IS_REMOTE_KNOWN = 0x100;
const IS_REMOTE = 0x200;
const FAILED = 2;

function readSpan(span: Uint8Array): Omit<RecordedSpan, 'resource' | 'scope'> {
  const field = (number: number): Field | undefined =>
    [...fieldsOf(span)].find((one) => one.field === number);
  const hex = (number: number) => Buffer.from(field(number)?.value ?? []).toString('hex');
  const time = (number: number) => Buffer.from(field(number)!.value!).readBigUInt64LE();
  const flags = Buffer.from(field(16)!.value!).readUInt32LE();
  const kind = KINDS[field(6)?.number ?? 0];
  if (!kind || (flags & (SAMPLED | IS_REMOTE_KNOWN)) !== (SAMPLED | IS_REMOTE_KNOWN)) {
    throw new RangeError('this is no span of ours');
  }
  return {
    name: textOf(span, 5),
    traceId: hex(1),
    spanId: hex(2),
    parentId: hex(4) || undefined,
    isParentRemote: (flags & IS_REMOTE) !== 0,
    kind,
    startNs: time(7),
    endNs: time(8),
    attributes: attributesOf(span, 9),
    droppedAttributes: field(10)?.number ?? 0,
    isFailed: [...fieldsOf(field(15)!.value!)].some((one) => one.field === 3 && one.number === FAILED),
  };
}

const valuesOf = (message: Uint8Array, field: number): Uint8Array[] =>
  [...fieldsOf(message)].filter((one) => one.field === field).map(({ value }) => value!);

const attributesOf = (message: Uint8Array, field: number): Record<string, string> =>
  Object.fromEntries(
    valuesOf(message, field).map((pair) => [textOf(pair, 1), textOf(valuesOf(pair, 2)[0]!, 1)]),
  );
