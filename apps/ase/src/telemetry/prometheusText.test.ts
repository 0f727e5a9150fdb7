import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MeterOptions, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { parsePrometheusText } from '../../../../telemetry/textFormat.ts';
import { renderPrometheusText } from './prometheusText.ts';

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

function aMeter(options?: MeterOptions) {
  const reader = new Reader();
  const provider = new MeterProvider({ resource: emptyResource(), readers: [reader] });
  const meter = provider.getMeter('test', '1', options);
  return { meter, text: async () => renderPrometheusText((await reader.collect()).resourceMetrics) };
}

test('a family has its help, its type and its samples, labels in order', async () => {
  const { meter, text } = aMeter();
  const counter = meter.createCounter('payments', { description: 'All \\ of\nthem.', unit: '{payment}' });
  counter.add(3, { state: 'failed', asset: 'USD' });
  meter.createUpDownCounter('http.server.active_requests', { unit: '{request}' }).add(-2);
  assert.equal(
    await text(),
    `# HELP payments_total All \\\\ of\\nthem.
# TYPE payments_total counter
payments_total{asset="USD",state="failed"} 3
# HELP http_server_active_requests \n# TYPE http_server_active_requests gauge
http_server_active_requests -2
`,
  );
});

test('a histogram counts up to infinity', async () => {
  const { meter, text } = aMeter();
  const histogram = meter.createHistogram('wait', {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.0005, 1] },
  });
  for (const seconds of [0.0001, 0.0005, 0.5, 7]) histogram.record(seconds, { type: 'x' });
  assert.deepEqual(
    parsePrometheusText(await text()).map(({ name, labels, value }) => [name, labels.le, value]),
    [
      ['wait_seconds_bucket', '0.0005', '2'],
      ['wait_seconds_bucket', '1', '3'],
      ['wait_seconds_bucket', '+Inf', '4'],
      ['wait_seconds_sum', undefined, '7.5006'],
      ['wait_seconds_count', undefined, '4'],
    ],
  );
});

test('any label value and any number comes back as it was', async () => {
  const labelValue = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '\n', '{', '}', ',', '=', ' ', 'n') }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom('a', 'b_c', 'le'), labelValue),
      fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true })),
      async (labels, value) => {
        const { meter, text } = aMeter();
        meter
          .createObservableGauge('any', { valueType: ValueType.DOUBLE })
          .addCallback((result) => result.observe(value, labels));
        const [sample, ...more] = parsePrometheusText(await text());
        assert.deepEqual(more, []);
        assert.deepEqual({ ...sample?.labels }, { ...labels });
        assert.equal(Number(sample?.value.replace('Inf', 'Infinity')), value + 0);
        if (Number.isSafeInteger(value)) assert.match(sample?.value ?? '', /^-?\d+$/);
      },
    ),
  );
});
