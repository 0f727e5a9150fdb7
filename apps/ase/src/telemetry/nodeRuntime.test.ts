import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parsePrometheusText } from '../../../../telemetry/textFormat.ts';
import { observeNodeRuntime } from './nodeRuntime.ts';
import { createOperatorTelemetry } from './operatorMetrics.ts';

test('the process tells of its event loop, memory, garbage and start', async () => {
  const { metrics, renderMetricsText } = createOperatorTelemetry({
    aseName: 'cloud-nine',
    endpoint: '',
    exportIntervalMs: 1000,
    ledgerTotals: [],
    assets: [],
    peers: [],
    onError: (error) => assert.fail(error),
  });
  const runtime = observeNodeRuntime(metrics, { memoryLimitBytes: 160 * 2 ** 20 });
  try {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');

    const seen = async () =>
      new Map(
        parsePrometheusText(await renderMetricsText()).map(({ name, labels, value }) => [
          [name, labels.v8js_gc_type ?? labels.v8js_heap_space_name].filter(Boolean).join(' '),
          Number(value),
        ]),
      );
    let values = await seen();
    for (let round = 0; !values.get('v8js_gc_duration_seconds_count major'); round += 1) {
      assert.ok(round < 1000, 'no major collection was seen');
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
      values = await seen();
    }
    const inRange = (name: string, low: number, high: number) => {
      const value = values.get(name) ?? Number.NaN;
      assert.ok(value >= low && value <= high, `${name} is ${value}`);
    };
    inRange('nodejs_eventloop_delay_p99_seconds', 0, 60);
    inRange('nodejs_eventloop_utilization_ratio', 0, 1);
    inRange('v8js_memory_heap_used_bytes old_space', 1e5, 1e9);
    inRange('process_memory_usage_bytes', 1e7, 1e10);
    const nowSeconds = Date.now() / 1000;
    inRange('process_start_timestamp_seconds', nowSeconds - process.uptime() - 5, nowSeconds);
    inRange('v8js_gc_duration_seconds_sum major', 0, 60);
  } finally {
    runtime.stop();
  }
});
