import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { remotePlace, spanIdHex, TraceId } from './spanIds.ts';
import { createSampler } from './tracing.ts';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

test('ids are the same text after as before', () => {
  fc.assert(
    fc.property(hex(32), hex(16), (traceId, spanId) => {
      const place = remotePlace(traceId, spanId);
      assert.equal(spanIdHex(place), spanId);
      // Without the text that it was made from.
      assert.equal(new TraceId(place.trace.words).hex, traceId);
    }),
  );
});

test('no two random ids are the same, whatever the pool does', () => {
  const ids = Array.from({ length: 5_000 }, () => TraceId.random().hex);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
});

test('the ratio samples what OpenTelemetry’s own sampler would', () => {
  const ratios = fc.oneof(fc.constantFrom(0, 0.01, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(
      hex(32).filter((id) => !/^0+$/.test(id)),
      ratios,
      (traceId, ratio) => {
        const theirs = new TraceIdRatioBasedSampler(ratio).shouldSample(ROOT_CONTEXT, traceId).decision;
        assert.equal(
          createSampler(ratio)(TraceId.of(traceId)),
          theirs === SamplingDecision.RECORD_AND_SAMPLED,
        );
      },
    ),
  );
});
