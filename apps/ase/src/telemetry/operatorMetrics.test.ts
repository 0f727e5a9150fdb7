import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PACKET_OUTCOMES } from '../../../../telemetry/catalogue.ts';
import { parsePrometheusText } from '../../../../telemetry/textFormat.ts';
import type { TelemetryError } from './errors.ts';
import { LABEL_SETS_LIMIT } from './instruments.ts';
import { createOperatorTelemetry, type OperatorTelemetryOptions } from './operatorMetrics.ts';

const COMPLETED = { direction: 'outgoing', state: 'completed', asset: 'USD' };

function telemetry(options: Partial<OperatorTelemetryOptions> = {}) {
  const errors: TelemetryError[] = [];
  const { metrics, renderMetricsText, shutdown } = createOperatorTelemetry({
    aseName: 'cloud-nine',
    endpoint: '',
    exportIntervalMs: 1000,
    ledgerTotals: [],
    assets: ['USD'],
    peers: [{ id: 'happy-life', assetCode: 'USD' }],
    onError: (error) => errors.push(error),
    ...options,
  });
  const samples = async (name: string, labels: Record<string, string> = {}) =>
    parsePrometheusText(await renderMetricsText()).filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
  const value = async (name: string, labels: Record<string, string> = {}) => {
    const found = await samples(name, labels);
    assert.equal(found.length, 1, `${found.length} series of ${name} ${JSON.stringify(labels)}`);
    return found[0]?.value;
  };
  return { metrics, renderMetricsText, shutdown, errors, samples, value };
}

test('every series is there at 0 before the first event', async () => {
  const { value, samples } = telemetry();
  for (const outcome of PACKET_OUTCOMES)
    assert.equal(await value('ilp_packets_processed_total', outcome), '0');
  assert.equal(await value('payments_total', COMPLETED), '0');
  assert.equal(await value('payment_amount_units_total', { direction: 'incoming', asset: 'USD' }), '0');
  assert.equal(await value('account_debits_total', { peer_id: 'happy-life' }), '0');
  assert.equal(await value('connector_errors_total', { type: 'expired' }), '0');
  assert.equal(await value('ilp_packets_in_flight'), '0');
  assert.equal(await value('quote_duration_seconds_count'), '0');
  assert.equal(await value('payment_duration_seconds_sum', { direction: 'outgoing' }), '0');
  const buckets = await samples('ilp_packet_latency_seconds_bucket', { type: 'prepare' });
  assert.ok(buckets.length > 10 && buckets.every((bucket) => bucket.value === '0'));
});

test('counters start at the totals of the ledger, also of labels that nobody knows any more', async () => {
  const { metrics, value } = telemetry({
    ledgerTotals: [
      { quantity: 'payments_total', labels: COMPLETED, value: 41n },
      { quantity: 'account_credits_total', labels: { peer_id: 'former-peer' }, value: 7n },
    ],
  });
  assert.equal(await value('payments_total', COMPLETED), '41');
  assert.equal(await value('account_credits_total', { peer_id: 'former-peer' }), '7');
  metrics.add('payments_total', { ...COMPLETED }, 1n);
  assert.equal(await value('payments_total', COMPLETED), '42');
  assert.equal(await value('payments_total', COMPLETED), '42', 'looking changes nothing');
});

test('large totals keep every digit', async () => {
  const labels = { direction: 'outgoing', asset: 'USD' };
  const { metrics, value, errors } = telemetry();
  metrics.add('payment_amount_units_total', labels, 9007199254740000n);
  metrics.add('payment_amount_units_total', labels, 991n);
  assert.equal(await value('payment_amount_units_total', labels), '9007199254740991');
  assert.deepEqual(errors, []);
});

test('a total that cannot be exact is an error with a name, and the total stays', async () => {
  const labels = { direction: 'outgoing', asset: 'USD' };
  const { metrics, value, errors } = telemetry();
  metrics.add('payment_amount_units_total', labels, 9007199254740991n);
  metrics.add('payment_amount_units_total', labels, 1n);
  metrics.add('payment_amount_units_total', labels, 1n);
  assert.equal(await value('payment_amount_units_total', labels), '9007199254740991');
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['total_not_exact'],
  );
});

test('values that make no sense are told once a metric and change nothing', async () => {
  const { metrics, value, errors } = telemetry();
  metrics.add('payments_total', COMPLETED, -1n);
  metrics.add('payments_total', COMPLETED, 2n ** 53n);
  metrics.record('quote_duration_seconds', {}, Number.NaN);
  metrics.record('quote_duration_seconds', {}, Number.POSITIVE_INFINITY);
  metrics.change('ilp_packets_in_flight', {}, 0.5);
  assert.equal(await value('payments_total', COMPLETED), '0');
  assert.equal(await value('quote_duration_seconds_count'), '0');
  assert.equal(await value('ilp_packets_in_flight'), '0');
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['bad_value', 'bad_value', 'bad_value'],
  );
});

test('an error listener that throws does not reach the payment', () => {
  const { metrics } = telemetry({
    onError: () => {
      throw new Error('no log');
    },
  });
  assert.doesNotThrow(() => metrics.add('payments_total', COMPLETED, -1n));
});

test('label sets are bounded, and nothing is lost at the bound', async () => {
  const { metrics, samples, errors } = telemetry();
  const sent = LABEL_SETS_LIMIT * 3;
  for (let index = 0; index < sent; index += 1) {
    metrics.add('account_credits_total', { peer_id: `peer-${index}` }, 1n);
    // Exports in between must not widen the bound.
    if (index % LABEL_SETS_LIMIT === 0) await samples('account_credits_total');
  }
  const series = await samples('account_credits_total');
  assert.equal(series.length, LABEL_SETS_LIMIT + 1);
  assert.equal(
    series.reduce((sum, sample) => sum + Number(sample.value), 0),
    sent,
  );
  assert.ok(series.some((sample) => sample.labels.peer_id === '_OTHER'));
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['too_many_label_sets'],
  );
});

test('gauges are read when somebody looks; one that throws is told and spoils nothing else', async () => {
  const { metrics, value, samples, errors } = telemetry();
  let rate = 0.91;
  metrics.observe('exchange_rate', () => [{ labels: { from: 'USD', to: 'EUR' }, value: rate }]);
  metrics.observe('account_balance_units', () => {
    throw new Error('closed');
  });
  assert.equal(await value('exchange_rate'), '0.91');
  rate = 0.92;
  assert.equal(await value('exchange_rate'), '0.92');
  assert.equal((await samples('account_balance_units')).length, 0);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['observer_failed'],
  );
});

test('without an endpoint there is no timer and no socket', async () => {
  const before = process.getActiveResourcesInfo().length;
  const { metrics, renderMetricsText } = telemetry();
  metrics.add('payments_total', COMPLETED, 1n);
  await renderMetricsText();
  assert.equal(process.getActiveResourcesInfo().length, before);
});
