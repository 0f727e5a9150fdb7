import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE, type MetricName } from './catalogue.ts';
import { attributeName, instrumentName, prometheusLabel, prometheusName, specOf } from './names.ts';

const NAMES = Object.keys(CATALOGUE) as MetricName[];

// That Prometheus really does what prometheusName() says is proved on the real one: prometheus/pipeline.test.ts.
test('every instrument becomes its catalogue name again', () => {
  for (const name of NAMES) assert.equal(prometheusName(instrumentName(name), specOf(name)), name);
});

test('every attribute becomes its label again', () => {
  for (const label of NAMES.flatMap((name) => specOf(name).labels)) {
    assert.equal(prometheusLabel(attributeName(label)), label);
  }
});

test('instrument names are different from each other and valid', () => {
  const instruments = NAMES.map(instrumentName);
  assert.equal(new Set(instruments).size, NAMES.length);
  for (const instrument of instruments) assert.match(instrument, /^[A-Za-z][A-Za-z0-9_.]{0,254}$/);
});

test('names follow OpenTelemetry where it has one, else lose what Prometheus adds', () => {
  assert.equal(instrumentName('http_server_request_duration_seconds'), 'http.server.request.duration');
  assert.equal(instrumentName('http_server_active_requests'), 'http.server.active_requests');
  assert.equal(instrumentName('nodejs_eventloop_utilization_ratio'), 'nodejs.eventloop.utilization');
  assert.equal(attributeName('http_response_status_code'), 'http.response.status_code');
  assert.equal(instrumentName('payments_total'), 'payments');
  assert.equal(instrumentName('payment_amount_units_total'), 'payment_amount_units');
  assert.equal(instrumentName('ilp_packet_latency_seconds'), 'ilp_packet_latency');
  assert.equal(instrumentName('connector_last_error_timestamp_seconds'), 'connector_last_error_timestamp');
  assert.equal(instrumentName('account_balance_units'), 'account_balance_units');
});

test('exactly the histograms have buckets, and these rise', () => {
  for (const name of NAMES) {
    const { kind, buckets } = specOf(name);
    assert.equal(buckets !== undefined, kind === 'histogram', name);
    assert.deepEqual(
      buckets ?? [],
      [...new Set(buckets)].sort((a, b) => a - b),
      name,
    );
  }
});
