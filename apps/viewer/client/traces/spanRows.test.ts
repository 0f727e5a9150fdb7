import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Span, toTrace } from './jaegerApi.ts';
import { durationText, spanRows, traceTitle } from './spanRows.ts';

const span = (id: string, parentId: string | undefined, startMs: number, durationMs: number): Span => ({
  id,
  parentId,
  name: id,
  ase: 'cloud-nine',
  startMs,
  durationMs,
  attributes: {},
  error: undefined,
});

test('every span comes below its parent, earliest first, and its bar lies where it was', () => {
  const spans = [
    span('late', 'root', 60, 20),
    span('root', undefined, 0, 100),
    span('early', 'root', 10, 30),
    span('inner', 'early', 20, 10),
  ];
  const rows = spanRows({ id: 't', spans });
  assert.deepEqual(
    rows.map(({ span: { id }, depth, left, width }) => [id, depth, left, width]),
    [
      ['root', 0, 0, 1],
      ['early', 1, 0.1, 0.3],
      ['inner', 2, 0.2, 0.1],
      ['late', 1, 0.6, 0.2],
    ],
  );
});

test('spans that name each other as parents end, and no trace is too long', () => {
  const circle = [span('root', undefined, 0, 1), span('a', 'b', 0, 1), span('b', 'a', 0, 1)];
  assert.equal(spanRows({ id: 't', spans: circle }).length, 1);
  const many = Array.from({ length: 1_500 }, (_, i) => span(`s${i}`, undefined, i, 1));
  assert.equal(spanRows({ id: 't', spans: many }).length, 1_000);
});

test('reads what Jaeger answers; a parent that never arrived is none', () => {
  const trace = toTrace({
    traceID: 'abc',
    processes: { p1: { tags: [{ key: 'service.instance.id', value: 'happy-life' }] } },
    spans: [
      {
        spanID: '1',
        operationName: 'quote',
        processID: 'p1',
        startTime: 1_500,
        duration: 250,
        references: [{ refType: 'CHILD_OF', spanID: 'elsewhere' }],
        tags: [
          { key: 'error', value: true },
          { key: 'error.type', value: 'expired' },
          { key: 'ilp.amount', value: '250' },
          { key: 'ilp.asset', value: 'USD' },
        ],
      },
    ],
  });
  assert.deepEqual(trace.spans[0], {
    id: '1',
    parentId: undefined,
    name: 'quote',
    ase: 'happy-life',
    startMs: 1.5,
    durationMs: 0.25,
    attributes: { 'error.type': 'expired', 'ilp.amount': '250', 'ilp.asset': 'USD' },
    error: 'expired',
  });
  assert.equal(traceTitle(trace), 'Quote for 250 units of USD');
});

test('durations are short', () => {
  assert.deepEqual([0.123, 12.34, 312.3, 1_640, 23_456].map(durationText), [
    '0.12 ms',
    '12.3 ms',
    '312 ms',
    '1.6 s',
    '23 s',
  ]);
});
