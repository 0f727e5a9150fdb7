import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MECHANISMS } from '../../apps/ase/src/telemetry/privacy/mechanism.ts';
import { generateBoards } from './generate.ts';
import { parsePromql } from './testing/promqlTree.ts';
import { type Chosen, RATE_INTERVAL, type ShownPanel, shownPanels } from './testing/shownPanels.ts';

const NETWORK_WINDOWS = {
  'last hour': '[1h]',
  'last day': '[1d]',
  'last week': '[1w]',
  'last month': '[30d]',
};
const TRUTH = 'network_amount_true_units_total';
const PUBLISHED = ['network_amount_published_units_total', 'network_privacy_chosen'];

/** Senders that export seldom are read over a minute. */
const senderRate = (series: string, rest = ''): string[] =>
  ['~', '1m'].map((window) => `${series}[${window}]${rest}`);

/**
 * What each panel reads, told a second time and by hand: two queries that were swapped, or a panel that got the
 * wrong one, differ from it. Generating the boards anew does not change this page.
 */
const READS: Record<string, Record<string, string[]>> = {
  payments: {
    'Payments sent, last hour': ['payments_total[1h] outgoing completed'],
    'Payments received, last hour': ['payments_total[1h] incoming completed'],
    'Payments failed, last hour': ['payments_total[1h] outgoing failed'],
    'Success ratio, last hour': ['payments_total[1h] outgoing completed', 'payments_total[1h] outgoing'],
    'cloud-nine · sent': [
      ...['[1h]', '[1d]', '[1w]', '[30d]', ''].map((window) => `payments_total${window} outgoing completed`),
      ...['[1h]', '[1d]', '[1w]', '[30d]', ''].map(
        (window) => `payment_amount_units_total${window} outgoing`,
      ),
    ],
    'cloud-nine · received': [
      ...['[1h]', '[1d]', '[1w]', '[30d]', ''].map((window) => `payments_total${window} incoming completed`),
      ...['[1h]', '[1d]', '[1w]', '[30d]', ''].map(
        (window) => `payment_amount_units_total${window} incoming`,
      ),
    ],
    'Payments a minute': [
      'payments_total[~] outgoing completed',
      'payments_total[~] incoming completed',
      'payments_total[~] outgoing failed',
      'payments_total[~] incoming expired',
    ],
    'Value a minute': ['payment_amount_units_total[~] outgoing', 'payment_amount_units_total[~] incoming'],
    'Success ratio over time': ['payments_total[5m] outgoing completed', 'payments_total[5m] outgoing'],
    'Payment duration': ['0.5', '0.95', '0.99'].map(
      (q) => `payment_duration_seconds_bucket[~] outgoing ${q}`,
    ),
    'Quote duration': ['0.5', '0.95', '0.99'].map((q) => `quote_duration_seconds_bucket[~] ${q}`),
  },
  'connector-overview': {
    'Packets fulfilled, last hour': ['ilp_packets_processed_total[1h] prepare fulfilled'],
    'Packets rejected, last hour': ['ilp_packets_processed_total[1h] prepare rejected'],
    'Packet success, last hour': [
      'ilp_packets_processed_total[1h] prepare fulfilled',
      'ilp_packets_processed_total[1h] prepare fulfilled|rejected',
    ],
    'Latency p95, now': ['ilp_packet_latency_seconds_bucket[~] 0.95'],
    'Critical errors, last hour': ['connector_errors_total[1h] critical'],
    'cloud-nine · packets by type and outcome': [
      'ilp_packets_processed_total[1h]',
      'ilp_packets_processed_total',
    ],
    'Prepares a second, by outcome': ['ilp_packets_processed_total[~] prepare'],
    'Rejects a second, by kind': ['ilp_packets_processed_total[~] reject'],
    Throughput: ['ilp_packets_processed_total[~] prepare'],
    'cloud-nine · packet latency': [
      ...['0.5', '0.95', '0.99'].map((q) => `ilp_packet_latency_seconds_bucket[~] ${q}`),
      'sla:packet_latency_seconds:p99',
    ],
    'cloud-nine · packet latency heatmap': [
      'ilp_packet_latency_seconds_bucket[~]',
      'ilp_packet_latency_seconds_bucket[~] +Inf',
    ],
    'Packets in flight over time': ['ilp_packets_in_flight'],
    'cloud-nine · peers': [
      'account_balance_units',
      'account_credit_limit_units',
      'account_balance_units',
      'account_credit_limit_units',
      'account_credits_total',
      'account_debits_total',
    ],
    'Balances with peers': ['account_balance_units'],
    'Value a second, by peer': ['account_credits_total[~]', 'account_debits_total[~]'],
    'Errors a minute': ['connector_errors_total[~]'],
    'Newest error': ['connector_last_error_timestamp_seconds'],
    'cloud-nine · errors by cause': ['connector_errors_total[1h]', 'connector_errors_total'],
    'Exchange rates in use': ['exchange_rate'],
    'Exchange rates over time': ['exchange_rate'],
  },
  'connector-health': {
    'Dependencies away': ['connector_dependency_up'],
    'Event-loop delay': ['nodejs_eventloop_delay_p99_seconds'],
    'Event loop in use': ['nodejs_eventloop_utilization_ratio'],
    'Memory in use': ['process_memory_usage_bytes', 'process_memory_limit_bytes'],
    'Since last start': ['process_start_timestamp_seconds'],
    'Packet success, last 30 min': ['instance:packet_errors:ratio_30m', 'sla:packet_success:ratio'],
    'Settlement success, last 30 min': [
      'instance:settlement_errors:ratio_30m',
      'sla:settlement_success:ratio',
    ],
    'Packet latency p99, last minute': [
      'instance:packet_latency_seconds:p99_1m',
      'sla:packet_latency_seconds:p99',
      'instance:packets:rate_1m',
    ],
    'cloud-nine · dependencies': ['connector_dependency_up', 'connector_dependency_latency_seconds'],
    'cloud-nine · how fast dependencies answer': ['connector_dependency_latency_seconds'],
    'Event-loop delay over time': ['nodejs_eventloop_delay_p99_seconds'],
    'Event loop in use over time': ['nodejs_eventloop_utilization_ratio'],
    'Resident memory': ['process_memory_usage_bytes', 'process_memory_limit_bytes'],
    'Heap in use': ['v8js_memory_heap_used_bytes'],
    'Time for collecting garbage': ['v8js_gc_duration_seconds_sum[~]'],
    'Connections and packets under way': ['process_network_open_connections', 'ilp_packets_in_flight'],
  },
  'http-network': {
    'Requests/s, now': ['http_server_request_duration_seconds_count[~]'],
    'Server errors, now': [
      'http_server_request_duration_seconds_count[~] 500|502|503|504',
      'http_server_request_duration_seconds_count[~]',
    ],
    'Latency p95, now': ['http_server_request_duration_seconds_bucket[~] 0.95'],
    'Under way': ['http_server_active_requests'],
    'Open connections': ['process_network_open_connections'],
    'Wallet visits': ['wallet_address_visits_total[1h]'],
    'Requests a second': ['http_server_request_duration_seconds_count[~]'],
    'Requests a second, by status': ['http_server_request_duration_seconds_count[~]'],
    'Request latency': ['0.5', '0.95', '0.99'].map(
      (q) => `http_server_request_duration_seconds_bucket[~] ${q}`,
    ),
    'Request latency p95, by route': ['http_server_request_duration_seconds_bucket[~] 0.95'],
    'Requests under way over time': ['http_server_active_requests'],
    'cloud-nine · requests by route': [
      'http_server_request_duration_seconds_count',
      ...['request_duration_seconds', 'request_body_size_bytes', 'response_body_size_bytes'].flatMap(
        (name) => [`http_server_${name}_sum`, `http_server_${name}_count`],
      ),
    ],
    'Bytes a second': [
      'process_network_io_bytes_total[~] receive',
      'process_network_io_bytes_total[~] transmit',
    ],
    'Bytes of bodies a second': [
      'http_server_request_body_size_bytes_sum[~]',
      'http_server_response_body_size_bytes_sum[~]',
    ],
    'Open connections over time': [
      'process_network_open_connections server',
      'process_network_open_connections client',
    ],
    'New connections a minute': ['process_network_connections_total[~]'],
    'Wallet visits a minute': ['wallet_address_visits_total[~]'],
  },
  'settlement-activity': {
    'Settlements, last hour': ['settlements_executed_total[1h] success'],
    'Failed settlements, last hour': ['settlements_executed_total[1h] failed'],
    'Success, last hour': ['settlements_executed_total[1h] success', 'settlements_executed_total[1h]'],
    'Disputes, last hour': ['payment_channels_disputes_total[1h]'],
    'Refusals, last hour': ['settlement_refusals_total[1h]'],
    'What is owed to peers': ['account_balance_units'],
    'Settlements a minute': ['settlements_executed_total[~] xrp', 'settlements_executed_total[~] evm'],
    'Value settled a minute': ['settlement_amount_total[~] xrp', 'settlement_amount_total[~] evm'],
    'Settlement latency': ['0.5', '0.95', '0.99'].map((q) => `settlement_latency_seconds_bucket[~] ${q}`),
    'Payment channels by state': ['payment_channels_active'],
    'On the chains, a minute': [
      'payment_channels_funded_total[~]',
      'settlement_transactions_reorged_total[~]',
    ],
    'cloud-nine · settlements': ['settlements_executed_total[1h]', 'settlements_executed_total'],
    'cloud-nine · money on the chains': ['settlement_amount_total', 'settlement_chain_balance_units'],
    'cloud-nine · payment channels': ['payment_channels_active'],
    'cloud-nine · closed channels': ['payment_channels_closed_total'],
    'cloud-nine · refusals by cause': ['settlement_refusals_total'],
  },
  'network-overview': {
    ...Object.fromEntries(
      Object.entries(NETWORK_WINDOWS).flatMap(([words, window]) => {
        const value = [`packet_amount_fulfill_total${window}`, `transactions_amount_total${window}`];
        return [
          [`Transactions, ${words}`, [`transactions_total${window}`]],
          [`Value, ${words}`, value],
          [`Average value, ${words}`, [...value, `transactions_total${window}`]],
          [`By source, ${words}`, [`transactions_total${window}`, ...value]],
        ];
      }),
    ),
    'Counters by source': [
      'transactions_total',
      'packet_amount_fulfill_total',
      'transactions_amount_total',
      'transaction_fee_amounts_total',
      'packet_count_prepare_total',
      'packet_count_fulfill_total',
      'packet_count_reject_total',
    ],
    'Transactions a minute': [...senderRate('transactions_total')],
    'Dollars a minute': [
      ...senderRate('packet_amount_fulfill_total'),
      ...senderRate('transactions_amount_total'),
    ],
    'Packets a minute': [
      ...senderRate('packet_count_prepare_total'),
      ...senderRate('packet_count_fulfill_total'),
      ...senderRate('packet_count_reject_total'),
    ],
    'Fees a minute': [...senderRate('transaction_fee_amounts_total')],
    'Pay time': ['0.5', '0.95', '0.99'].flatMap((q) => senderRate('ilp_pay_time_ms_bucket', ` ${q}`)),
    'Prepare processing time': ['0.5', '0.95', '0.99'].flatMap((q) =>
      senderRate('ilp_prepare_packet_processing_ms_bucket', ` outgoing_payment ${q}`),
    ),
  },
  'privacy-lab': {
    'cloud-nine · truth and published': [
      ...MECHANISMS.map((mechanism) => `network_privacy_chosen ${mechanism}`),
      'network_privacy_chosen',
      TRUTH,
      ...PUBLISHED,
      ...[...PUBLISHED, TRUTH],
      ...[...PUBLISHED, TRUTH, TRUTH],
      'network_amount_error_bound_units',
      'network_privacy_epsilon',
      'network_privacy_epsilon_spent',
      'network_privacy_epsilon_spent',
    ],
    'cloud-nine · totals': [...PUBLISHED, TRUTH, 'network_privacy_chosen'],
    'cloud-nine · what an attacker sees': [
      ...['rafiki', 'unbiased', 'continual'].flatMap((mechanism) => [
        `network_amount_published_units_total[5s] ${mechanism}`,
        'network_privacy_chosen',
      ]),
      `${TRUTH}[5s]`,
      'network_privacy_chosen',
    ],
    'cloud-nine · ε spent': ['network_privacy_epsilon_spent'],
    ...Object.fromEntries(
      MECHANISMS.map((mechanism) => [
        `cloud-nine · error of ${mechanism}`,
        [
          `network_amount_published_units_total ${mechanism}`,
          TRUTH,
          TRUTH,
          'network_privacy_chosen',
          ...(mechanism === 'rafiki'
            ? []
            : ['bound', '− bound'].flatMap(() => [`network_amount_error_bound_units ${mechanism}`, TRUTH])),
        ],
      ]),
    ),
  },
  usage: {
    'Installations, today': ['usage_installations 1'],
    'Installations, last 7 days': ['usage_installations 7'],
    'Installations, last 30 days': ['usage_installations 30'],
    'Reports kept': ['usage_reports_stored'],
    'Newest report': ['usage_newest_report_timestamp_seconds'],
    'Reports refused, last day': ['usage_reports_refused_total[1d]'],
    'Reports by day and version': ['usage_day_reports', 'usage_day_installations'],
    'Reports taken, by version': ['usage_reports_received_total'],
    'Reports refused a minute, by reason': ['usage_reports_refused_total[~]'],
  },
  'alerts-slos': {
    'Critical, firing': ['ALERTS firing critical'],
    'High, firing': ['ALERTS firing high'],
    'Warning, firing': ['ALERTS firing warning'],
    Pending: ['ALERTS pending'],
    'Dead man’s switch': ['ALERTS DeadMansSwitch firing'],
    'Alerts now': ['ALERTS'],
    'Alerts over time': ['ALERTS firing heartbeat'],
    'Packet success, last hour': ['instance:packet_errors:ratio_1h'],
    'Packet success, promised': ['sla:packet_success:ratio'],
    'Settlement success, last hour': ['instance:settlement_errors:ratio_1h'],
    'Settlement success, promised': ['sla:settlement_success:ratio'],
    'Packet budget: burn rate': ['5m', '1h', '6h', '3d'].flatMap((window) => [
      `instance:packet_errors:ratio_${window}`,
      'sla:packet_success:ratio',
    ]),
    'Settlement budget: burn rate': ['5m', '1h', '6h', '3d'].flatMap((window) => [
      `instance:settlement_errors:ratio_${window}`,
      'sla:settlement_success:ratio',
    ]),
    'Packet errors': ['instance:packet_errors:ratio_1m', 'sla:packet_success:ratio'],
    'Settlement errors': ['instance:settlement_errors:ratio_15m', 'sla:settlement_success:ratio'],
    'Packet latency p99': ['instance:packet_latency_seconds:p99_1m', 'sla:packet_latency_seconds:p99'],
    'Throughput and waiting packets': ['instance:packets:rate_1m', 'ilp_packets_in_flight'],
    Memory: ['process_memory_usage_bytes', 'process_memory_limit_bytes'],
  },
  'load-test': {
    'Users now': ['k6_vus', 'k6_vus'],
    'Done a second': ['k6_iterations_total[~]'],
    Requests: ['k6_http_reqs_total'],
    'Failed requests': ['k6_http_req_failed_total nonzero'],
    'Virtual users': ['k6_vus', 'k6_vus'],
    'Payments a second': ['k6_iterations_total[~]', 'payments_total[~] outgoing completed'],
    'Requests a second': ['http_server_request_duration_seconds_bucket[~] +Inf', 'k6_http_reqs_total[~]'],
    'Trouble a second': [
      'k6_http_req_failed_total[~] nonzero',
      'k6_checks_total[~] zero',
      'connector_errors_total[~]',
    ],
    'Payment duration: k6 and the ASEs': [
      'k6_load_payment_duration_milliseconds_bucket[~] 0.5',
      'k6_load_payment_duration_milliseconds_bucket[~] 0.95',
      'payment_duration_seconds_bucket[~] outgoing 0.5',
      'payment_duration_seconds_bucket[~] outgoing 0.95',
    ],
    'Request duration p95: k6 and the ASEs': [
      'http_server_request_duration_seconds_bucket[~] 0.95',
      'k6_http_req_duration_milliseconds_bucket[~] 0.95',
    ],
    'Packet latency p99': ['ilp_packet_latency_seconds_bucket[~] 0.99'],
    'Event-loop delay p99': ['nodejs_eventloop_delay_p99_seconds'],
    'Event loop busy': ['nodejs_eventloop_utilization_ratio'],
    'Resident memory': ['process_memory_usage_bytes'],
  },
};

const ONE_ASE: Chosen = { instances: ['cloud-nine'], assets: ['USD'] };

for (const [uid, board] of Object.entries(generateBoards())) {
  test(`every panel of ${uid} reads what its title says`, () => {
    const reads = shownPanels(board, ONE_ASE)
      .filter(hasData)
      .map(({ title, targets }) => [title, targets.flatMap(({ expr }) => readings(expr))]);
    assert.deepEqual(Object.fromEntries(reads), READS[uid]);
  });
}

function hasData({ panel }: ShownPanel): boolean {
  return panel.type !== 'text';
}

/** `metric[window] values of the matchers, quantile`, without what all selectors have in common. */
function readings(expr: string): string[] {
  const quantile = /histogram_quantile\(([\d.]+)/.exec(expr)?.[1];
  return parsePromql(expr).selections.map(({ series, range, matchers }) => {
    const own = matchers.filter(
      ({ label }) => !['job', 'instance', 'asset', 'token', 'token_id', 'network', 'source'].includes(label),
    );
    const window = range === undefined ? '' : `[${range === RATE_INTERVAL ? '~' : range}]`;
    return [`${series}${window}`, ...own.map(({ value }) => value), ...(quantile ? [quantile] : [])].join(
      ' ',
    );
  });
}
