import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../../prometheus/testing/program.ts';
import type { MetricName } from '../../../../telemetry/catalogue.ts';
import { parsePrometheusText, type TextSample } from '../../../../telemetry/textFormat.ts';
import { makePayment, waitForEnd } from '../payments/paymentScript.ts';
import { ADMIN_TOKEN, createTestNetwork, type TestNetwork } from '../testNetwork.ts';

const NAMES = ['cloud-nine', 'happy-life'] as const;
const ADMIN = { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } };

/** What operators of a connector were promised, told a second time and by hand: each metric and exactly its labels. */
const PROMISED: Partial<Record<MetricName, string>> = {
  ilp_packets_processed_total: 'status type',
  ilp_packet_latency_seconds: 'type',
  ilp_packets_in_flight: '',
  payments_total: 'asset direction state',
  payment_amount_units_total: 'asset direction',
  payment_duration_seconds: 'direction',
  quote_duration_seconds: '',
  account_balance_units: 'peer_id token_id',
  account_credits_total: 'peer_id',
  account_debits_total: 'peer_id',
  settlements_executed_total: 'method status',
  settlement_latency_seconds: 'method',
  settlement_amount_total: 'method token',
  payment_channels_active: 'method status',
  payment_channels_funded_total: 'method',
  payment_channels_disputes_total: 'method',
  payment_channels_closed_total: 'method reason',
  connector_errors_total: 'severity type',
  connector_last_error_timestamp_seconds: '',
  http_server_request_duration_seconds: 'http_request_method http_response_status_code http_route',
  http_server_active_requests: 'http_request_method',
  http_server_request_body_size_bytes: 'http_request_method http_response_status_code http_route',
  http_server_response_body_size_bytes: 'http_request_method http_response_status_code http_route',
  wallet_address_visits_total: 'outcome',
  process_network_io_bytes_total: 'network_io_direction side',
  process_network_connections_total: 'outcome side',
  process_network_open_connections: 'side',
  connector_dependency_up: 'dependency',
  connector_dependency_latency_seconds: 'dependency',
  nodejs_eventloop_delay_p99_seconds: '',
  nodejs_eventloop_utilization_ratio: '',
  v8js_memory_heap_used_bytes: 'v8js_heap_space_name',
  v8js_gc_duration_seconds: 'v8js_gc_type',
  process_memory_usage_bytes: '',
};
/** Back at 0 when all is quiet, as it is at the end. */
const ZERO_AT_REST = ['ilp_packets_in_flight'];

test('payments, settlements, a dispute, an error and a visit fill every metric of the guide', {
  timeout: 60_000,
}, async () => {
  const network = await createTestNetwork(1, {}, { settlement: true, blockMs: 700 });
  try {
    await Promise.all(NAMES.map((name) => network.start(name)));
    for (const [from, to] of [NAMES, NAMES.toReversed()] as [string, string][]) {
      const { outgoing } = await makePayment(network, { from, to, receiveUnits: 9_000n });
      assert.equal((await waitForEnd(network, outgoing)).state, 'COMPLETED');
      await until('the settlement', async () => (await readyChannel(network, from)) && true);
    }
    await network.request('cloud-nine', 'POST', '/ilp', { body: 'of a stranger' });
    assert.equal((await network.request('cloud-nine', 'GET', '/alice')).status, 200);
    // Here a payer may claim that it never paid, and its peer disputes that.
    const channel = await readyChannel(network, 'happy-life');
    const closed = await network.request(
      'happy-life',
      'POST',
      `/admin/settlement/channels/${channel}/close`,
      {
        ...ADMIN,
        body: { withoutClaim: true },
      },
    );
    assert.equal(closed.status, 200, JSON.stringify([channel, closed.body]));
    let samples: TextSample[] = [];
    await until('every metric', async () => {
      samples = await allSamples(network);
      return unfilled(samples).length === 0 ? true : undefined;
    }).catch(() => assert.fail(`not filled: ${unfilled(samples).join(', ')}`));
    // Packets are answered by a way of their own, which must not escape the measuring.
    for (const name of ['http_server_request_body_size_bytes', 'http_server_response_body_size_bytes']) {
      const packets = samplesOf(samples, name).filter(
        ({ labels }) => labels.http_route === '/ilp' && labels.http_response_status_code === '200',
      );
      assert.ok(
        packets.some(({ value }) => Number(value) > 0),
        name,
      );
    }
    for (const [name, labels] of Object.entries(PROMISED)) {
      for (const sample of samplesOf(samples, name)) {
        const own = Object.keys(sample.labels).filter((label) => label !== 'le');
        assert.equal(own.sort().join(' '), labels, name);
      }
    }
  } finally {
    await network.close();
  }
});

async function allSamples(network: TestNetwork): Promise<TextSample[]> {
  const pages = await Promise.all(NAMES.map((name) => network.request(name, 'GET', '/metrics')));
  return pages.flatMap(({ body }) => parsePrometheusText(String(body)));
}

/** A channel by which this ASE pays and that has paid. */
async function readyChannel(network: TestNetwork, name: string): Promise<string | undefined> {
  const { body } = await network.request(name, 'GET', '/admin/settlement', ADMIN);
  const channels: { id: string; role: string; state: string }[] = body.channels;
  const { totals } = await network.admin(name, '/admin/ledger');
  const hasPaid = totals.some(
    ({ quantity, labels, value }) =>
      quantity === 'settlements_executed_total' && labels.status === 'success' && value !== '0',
  );
  return hasPaid ? channels.find(({ role, state }) => role === 'out' && state === 'open')?.id : undefined;
}

/** A histogram is filled when it has counted something. */
function samplesOf(samples: readonly TextSample[], name: string): TextSample[] {
  return samples.filter((sample) => sample.name === name || sample.name === `${name}_count`);
}

function unfilled(samples: readonly TextSample[]): string[] {
  return Object.keys(PROMISED).filter((name) => {
    const own = samplesOf(samples, name);
    return own.length === 0 || !(ZERO_AT_REST.includes(name) || own.some(({ value }) => Number(value) !== 0));
  });
}
