import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { tracingSettings, tracingVariables } from './settings.ts';

const shape = z.object(tracingVariables);
const settings = (env: Record<string, string>) => tracingSettings(shape.parse(env));
const ON = { ENABLE_TELEMETRY_TRACES: 'true', OPEN_TELEMETRY_TRACE_COLLECTOR_URLS: 'http://one:4317' };

test('is off until it is switched on and somebody is told', () => {
  assert.equal(settings({}).enabled, false);
  assert.equal(settings({ ENABLE_TELEMETRY_TRACES: 'true' }).enabled, false);
  assert.equal(settings({ ...ON, OTEL_SAMPLING_RATIO: '0' }).enabled, false);
  assert.deepEqual(settings(ON), { enabled: true, collectorUrls: ['http://one:4317'], samplingRatio: 1 });
  assert.equal(settings({ ...ON, OTEL_SAMPLING_RATIO: '0.01' }).samplingRatio, 0.01);
});

test('names every bad setting at once', () => {
  const bad = {
    ENABLE_TELEMETRY_TRACES: 'TRUE',
    OPEN_TELEMETRY_TRACE_COLLECTOR_URLS: 'http://one:4317,http://one:4317',
    OTEL_SAMPLING_RATIO: '1.01',
  };
  const { error } = shape.safeParse(bad);
  assert.deepEqual([...new Set(error?.issues.map(({ path }) => path[0]))].sort(), Object.keys(bad).sort());
});

for (const ratio of ['-0.1', '2', 'NaN', '1e-2', '.5', '0.1234567', '50%']) {
  test(`a ratio of ${ratio} is refused`, () =>
    assert.equal(shape.safeParse({ OTEL_SAMPLING_RATIO: ratio }).success, false));
}
