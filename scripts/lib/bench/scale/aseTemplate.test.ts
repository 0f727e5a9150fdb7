import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAseTemplate } from './aseTemplate.ts';

const TEXT = `# HELP payments_total Payments.
payments_total{direction="outgoing",state="completed",asset="USD"} 30
ilp_packets_in_flight 2
process_memory_usage_bytes 1e8
network_privacy_epsilon{mechanism="off"} +Inf
quote_duration_seconds_bucket{le="0.5"} 4
quote_duration_seconds_bucket{le="+Inf"} 5
quote_duration_seconds_sum 1.5
quote_duration_seconds_count 5
settlement_latency_seconds_sum{method="xrp"} 2
settlement_latency_seconds_count{method="xrp"} 1
target_info{service_version="1"} 1
`;

test('every series of the catalogue is kept with its value, of a histogram count and sum', () => {
  assert.deepEqual(readAseTemplate(TEXT), {
    values: [
      {
        name: 'payments_total',
        labels: { direction: 'outgoing', state: 'completed', asset: 'USD' },
        value: 30,
      },
      { name: 'ilp_packets_in_flight', labels: {}, value: 2 },
      { name: 'process_memory_usage_bytes', labels: {}, value: 1e8 },
      { name: 'network_privacy_epsilon', labels: { mechanism: 'off' }, value: Number.POSITIVE_INFINITY },
    ],
    histograms: [
      { name: 'quote_duration_seconds', labels: {}, count: 5, sum: 1.5 },
      { name: 'settlement_latency_seconds', labels: { method: 'xrp' }, count: 1, sum: 2 },
    ],
  });
});

test('what holds nothing of the catalogue is refused', () => {
  assert.throws(() => readAseTemplate('up 1\n'), /nothing of the catalogue/);
  assert.throws(() => readAseTemplate('<html>'), SyntaxError);
});
