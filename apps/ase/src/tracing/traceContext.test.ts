import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { remotePlace } from './spanIds.ts';
import { readTraceContext, traceparentOf } from './traceContext.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('reads a context of this version and of a later one', () => {
  const context = { traceId: TRACE, spanId: SPAN, isSampled: true };
  assert.deepEqual(readTraceContext(`00-${TRACE}-${SPAN}-01`, undefined), { context });
  assert.deepEqual(readTraceContext(`00-${TRACE}-${SPAN}-01`, 'rojo=1,congo=2'), { context });
  assert.deepEqual(readTraceContext(`01-${TRACE}-${SPAN}-03-more`, undefined), { context });
  assert.deepEqual(readTraceContext(`00-${TRACE}-${SPAN}-00`, undefined), {
    context: { ...context, isSampled: false },
  });
});

test('no headers are no fault', () => assert.deepEqual(readTraceContext(undefined, undefined), {}));

for (const [what, header] of Object.entries({
  empty: '',
  'too short': `00-${TRACE}-${SPAN}`,
  'zero trace': `00-${'0'.repeat(32)}-${SPAN}-01`,
  'zero parent': `00-${TRACE}-${'0'.repeat(16)}-01`,
  'forbidden version': `ff-${TRACE}-${SPAN}-01`,
  'capital letters': `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  'more than version 00 has': `00-${TRACE}-${SPAN}-01-x`,
  'sent twice': `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
  'a newline': `00-${TRACE}-${SPAN}-01\n`,
})) {
  test(`refuses a traceparent that is wrong: ${what}`, () =>
    assert.deepEqual(readTraceContext(header, undefined), { refused: 'malformed' }));
}

test('refuses a state without a parent, and what is too long or too much', () => {
  const good = `00-${TRACE}-${SPAN}-01`;
  assert.deepEqual(readTraceContext(undefined, 'a=1'), { refused: 'malformed' });
  assert.deepEqual(readTraceContext(`01-${TRACE}-${SPAN}-01-${'x'.repeat(100)}`, undefined), {
    refused: 'oversized',
  });
  assert.deepEqual(readTraceContext(good, 'a'.repeat(513)), { refused: 'oversized' });
  assert.deepEqual(readTraceContext(good, 'a=1,'.repeat(2_000)), { refused: 'oversized' });
  assert.deepEqual(readTraceContext(good, Array(33).fill('a=1').join(',')), { refused: 'oversized' });
  assert.ok(readTraceContext(good, Array(32).fill('a=1').join(',')).context);
});

test('whatever comes, it is a valid context or a refusal; and what we write we read', () => {
  const anything = fc.option(
    fc.oneof(fc.string({ maxLength: 200 }), fc.stringMatching(/^[0-9a-f-]{50,60}$/)),
    {
      nil: undefined,
    },
  );
  fc.assert(
    fc.property(anything, anything, (traceparent, tracestate) => {
      const { context, refused } = readTraceContext(traceparent, tracestate);
      if (traceparent === undefined && tracestate === undefined) return !context && !refused;
      if (!context) return refused === 'malformed' || refused === 'oversized';
      return /^[0-9a-f]{32}$/.test(context.traceId) && /^[0-9a-f]{16}$/.test(context.spanId);
    }),
  );
  const hex = (length: number) =>
    fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => !/^0+$/.test(text));
  fc.assert(
    fc.property(hex(32), hex(16), (traceId, spanId) => {
      const written = traceparentOf(remotePlace(traceId, spanId));
      assert.deepEqual(readTraceContext(written, undefined).context, { traceId, spanId, isSampled: true });
    }),
  );
});
