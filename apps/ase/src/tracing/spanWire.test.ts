import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { remotePlace, spanIdHex } from './spanIds.ts';
import { type EndedSpan, SpanWriter } from './spanWire.ts';
import { readSpans } from './testing.ts';

const RESOURCE = { 'service.name': 'ilp-connector', 'service.instance.id': 'hier ✓' };
const SCOPE = 'ilp-connector';

const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => !/^0+$/.test(text));
const text = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 }));
const times = fc.integer({ min: 1_600_000_000_000, max: 4_000_000_000_000 });
const endedSpan = fc
  .record({
    ids: fc.tuple(hex(32), hex(16)),
    parent: fc.option(fc.tuple(hex(16), fc.boolean()), { nil: undefined }),
    name: text,
    kind: fc.constantFrom<EndedSpan['kind'][]>('internal', 'server', 'client'),
    startMs: times,
    endMs: times,
    attributes: fc.dictionary(text, fc.option(text, { nil: undefined })),
    isFailed: fc.boolean(),
  })
  .map(({ ids: [traceId, spanId], parent, ...rest }): EndedSpan => {
    const parentPlace = parent && { ...remotePlace(traceId, parent[0]), isRemote: parent[1] };
    return { ...rest, ...remotePlace(traceId, spanId), parent: parentPlace };
  });

/** The same for the SDK's serializer. */
function asReadable(span: EndedSpan): ReadableSpan {
  const contextOf = (place: EndedSpan['parent'] & object) => ({
    traceId: place.trace.hex,
    spanId: spanIdHex(place),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: place.isRemote,
  });
  const kinds = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT };
  const toHrTime = (ms: number): HrTime => [Math.floor(ms / 1_000), (ms % 1_000) * 1e6];
  return {
    name: span.name,
    kind: kinds[span.kind],
    spanContext: () => contextOf(span),
    ...(span.parent && { parentSpanContext: contextOf(span.parent) }),
    startTime: toHrTime(span.startMs),
    endTime: toHrTime(span.endMs),
    duration: [0, 0],
    ended: true,
    status: { code: span.isFailed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: Object.fromEntries(
      Object.entries(span.attributes).filter(([, value]) => value !== undefined),
    ),
    links: [],
    events: [],
    resource: resourceFromAttributes(RESOURCE),
    instrumentationScope: { name: SCOPE },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Our clock and OTLP's nanoseconds meet at the half of what a double can tell of them. */
const NS_ROUNDING = 256n;

test('spans read as what the SDK writes of them', () => {
  fc.assert(
    fc.property(fc.array(endedSpan, { minLength: 1, maxLength: 5 }), (spans) => {
      const writer = new SpanWriter(RESOURCE, SCOPE);
      for (const span of spans) writer.add(span);
      assert.equal(writer.count, spans.length);
      const ours = readSpans(writer.take());
      // One resource object makes the SDK keep them together, in order.
      const readable = spans.map(asReadable);
      const [first] = readable;
      const theirs = readSpans(
        ProtobufTraceSerializer.serializeRequest(
          readable.map((span) => ({
            ...span,
            resource: first!.resource,
            instrumentationScope: first!.instrumentationScope,
          })),
        )!,
      );
      for (const [i, { startNs, endNs, ...rest }] of ours.entries()) {
        const { startNs: theirStartNs, endNs: theirEndNs, ...theirRest } = theirs[i]!;
        assert.deepEqual(rest, theirRest);
        assert.ok(near(startNs, theirStartNs) && near(endNs, theirEndNs));
      }
      assert.equal(ours.length, theirs.length);
    }),
  );
});

const near = (a: bigint, b: bigint): boolean => a - b <= NS_ROUNDING && b - a <= NS_ROUNDING;

const SPAN: EndedSpan = {
  ...remotePlace('0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'),
  parent: undefined,
  name: 'payment',
  kind: 'internal',
  startMs: 1_700_000_000_000,
  endMs: 1_700_000_000_001,
  attributes: { 'ilp.amount': '7' },
  isFailed: false,
};

test('what was taken is not there any more, and the writer goes on', () => {
  const writer = new SpanWriter(RESOURCE, SCOPE);
  writer.add(SPAN);
  const first = writer.take();
  writer.add({ ...SPAN, name: 'quote' });
  assert.deepEqual(
    [...readSpans(first), ...readSpans(writer.take())].map(({ name }) => name),
    ['payment', 'quote'],
  );
  assert.equal(writer.count, 0);
});

test('attributes that make a span too large are left out and counted, and the others stay', () => {
  const writer = new SpanWriter(RESOURCE, SCOPE);
  writer.add({
    ...SPAN,
    attributes: { huge: 'ü'.repeat(9_000), large: 'x'.repeat(16_000), 'ilp.amount': '7' },
  });
  const [span] = readSpans(writer.take());
  assert.deepEqual(Object.keys(span!.attributes), ['large', 'ilp.amount']);
  assert.equal(span!.droppedAttributes, 1);
});

test('says that it is full before a span of the largest size does not fit', () => {
  const writer = new SpanWriter(RESOURCE, SCOPE);
  let written = 0;
  for (; !writer.isFull; written += 1) writer.add({ ...SPAN, attributes: { large: 'x'.repeat(16_300) } });
  assert.ok(written > 10, String(written));
  assert.equal(readSpans(writer.take()).length, written);
});
