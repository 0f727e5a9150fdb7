import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { Exemplars } from './exemplars.ts';
import { withExemplars } from './exemplarWire.ts';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const BOUNDS = [0.1, 1];

test('keeps the newest of each bucket of each series, oldest first, and forgets what was taken', () => {
  let now = 0;
  const exemplars = new Exemplars(() => ++now);
  const [a, b] = [{ type: 'a' }, { type: 'b' }];
  for (const value of [0.05, 5, 0.07, 0.5]) exemplars.offer('latency', BOUNDS, a, value, SPAN);
  exemplars.offer('latency', BOUNDS, b, 9, SPAN);
  const [ofA, ofB] = exemplars.drain().get('latency')!;
  assert.deepEqual(
    ofA!.exemplars.map(({ value, atMs }) => [value, atMs]),
    [
      [5, 2],
      [0.07, 3],
      [0.5, 4],
    ],
  );
  assert.deepEqual([ofB!.attributes, ofB!.exemplars.length], [b, 1]);
  assert.equal(exemplars.drain().size, 0);
});

test('however much is measured, no more is kept than there are buckets', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, noNaN: true }), { maxLength: 200 }), (values) => {
      const exemplars = new Exemplars();
      const series = {};
      for (const value of values) exemplars.offer('latency', BOUNDS, series, value, SPAN);
      return (exemplars.drain().get('latency')?.[0]?.exemplars.length ?? 0) <= BOUNDS.length + 1;
    }),
  );
});

class Reader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

/** What an ASE would send, with a histogram of two series and something else beside it. */
async function request(): Promise<Buffer> {
  const reader = new Reader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('test');
  const histogram = meter.createHistogram('latency', { advice: { explicitBucketBoundaries: BOUNDS } });
  histogram.record(0.5, { type: 'a' });
  histogram.record(0.5, { type: 'b', more: 'x' });
  meter.createCounter('other').add(1, { type: 'a' });
  return Buffer.from(ProtobufMetricsSerializer.serializeRequest((await reader.collect()).resourceMetrics)!);
}

const one = (attributes: Record<string, string>) => [
  { attributes, exemplars: [{ value: 0.5, atMs: 1_795_000_000_123, ...SPAN }] },
];

test('goes into the one series that it is of, and leaves every other byte', async () => {
  const plain = await request();
  const trace = Buffer.from(SPAN.traceId, 'hex');
  const withOne = Buffer.from(withExemplars(plain, new Map([['latency', one({ type: 'a' })]])));
  assert.equal(withOne.indexOf(trace), withOne.lastIndexOf(trace));
  assert.ok(withOne.includes(trace));
  // Tag and length, then time, value, span and trace, as the protocol has them; lengths around it may grow a byte.
  const exemplarBytes = 2 + 9 + 9 + 10 + 18;
  const grown = withOne.length - plain.length;
  assert.ok(grown >= exemplarBytes && grown <= exemplarBytes + 5, String(grown));

  for (const [name, attributes] of [
    ['latency', { type: 'c' }],
    ['latency', { type: 'b' }],
    ['elsewhere', { type: 'a' }],
    ['other', { type: 'a' }],
  ] as const) {
    assert.deepEqual(Buffer.from(withExemplars(plain, new Map([[name, one(attributes)]]))), plain, name);
  }
  assert.deepEqual(Buffer.from(withExemplars(plain, new Map())), plain);
});
