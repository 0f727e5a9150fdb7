import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HistogramMetricData, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { createTimeHistogram } from './timeHistogram.ts';

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

const BUCKETS = [0, 5, 10, 25, 10_000];
const SERIES = { source: 'cloud-nine' };

/** What the SDK makes of the same values. */
async function bySdk(values: readonly number[]): Promise<HistogramMetricData> {
  const reader = new Reader();
  const provider = new MeterProvider({ readers: [reader] });
  const histogram = provider.getMeter('test').createHistogram('time_ms', {
    description: 'A time.',
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  histogram.record(Number.NaN, SERIES);
  for (const value of values) histogram.record(value, SERIES);
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return resourceMetrics.scopeMetrics[0]!.metrics[0] as HistogramMetricData;
}

test('says what a histogram of the SDK says of the same values', async () => {
  const value = fc.oneof(fc.constantFrom(...BUCKETS), fc.double({ min: 0, max: 20_000, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(value), async (values) => {
      const before = Date.now();
      const histogram = createTimeHistogram({
        name: 'time_ms',
        description: 'A time.',
        buckets: BUCKETS,
        attributes: SERIES,
      });
      histogram.collect();
      for (const value of values) histogram.record(value);
      const ours = histogram.collect();
      const { descriptor, dataPoints, ...rest } = await bySdk(values);
      const { name, description, unit, valueType } = descriptor;
      assert.deepEqual(ours.descriptor, { name, description, unit, valueType });
      const [point] = ours.dataPoints as [(typeof ours.dataPoints)[0]];
      const { min, max, ...value } = dataPoints[0]!.value;
      assert.deepEqual(point.value, {
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        ...value,
      });
      assert.deepEqual(point.attributes, dataPoints[0]!.attributes);
      const between = [point.startTime, point.endTime].map(([seconds, nanos]) => seconds * 1e3 + nanos / 1e6);
      assert.ok(before <= between[0]! && between[0]! <= between[1]! && between[1]! <= Date.now());
      assert.equal(ours.aggregationTemporality, rest.aggregationTemporality);
      assert.equal(ours.dataPointType, rest.dataPointType);
    }),
  );
});

test('what was collected does not change later', () => {
  const histogram = createTimeHistogram({ name: 'a', description: '', buckets: BUCKETS, attributes: {} });
  const before = histogram.collect();
  const copy = structuredClone(before);
  histogram.record(7);
  assert.deepEqual(before, copy);
});
