import { MECHANISMS, type MechanismName } from '../../apps/ase/src/telemetry/privacy/mechanism.ts';
import type { Severity } from '../../prometheus/alerting/alert.ts';
import { MEASURABLE_PACKETS, RECORDED } from '../../prometheus/alerting/recorded.ts';
import type {
  ConnectionSide,
  MetricOfKind,
  PaymentDirection,
  PaymentOutcome,
  SettlementMethod,
} from '../../telemetry/catalogue.ts';
import {
  BASE_ASSET,
  NETWORKS,
  type NetworkCounter,
  SENDER_OPERATION,
} from '../../telemetry/networkCatalogue.ts';
import type { USAGE_SPANS_DAYS } from '../../telemetry/usageCatalogue.ts';
import {
  ASSET_VARIABLE,
  buckets,
  everywhere,
  histogramCount,
  histogramSum,
  INSTANCE_VARIABLE,
  loaded,
  loadedBuckets,
  NETWORK_VARIABLE,
  type PromQL,
  quote,
  recorded,
  reported,
  SOURCE_VARIABLE,
  selector,
  shared,
  sharedBuckets,
  sharedByAll,
} from './selector.ts';
import { WINDOWS, type Window } from './windows.ts';

/**
 * All PromQL of the boards, each expression under a name that says what it counts.
 *
 * A window uses `increase(x[1h] anchored)`: the last value in the window less the last value before it, which is
 * what happened. Plain `increase` extrapolates to the edges and is never exact. Series stand at 0 before their
 * first event, so no expression needs a made-up zero: a missing series is a fault, and the panel says so.
 */

export const Q = {
  payments: {
    /** Completed payments, a row for each window and asset. */
    number: (direction: PaymentDirection) => eachWindow((w) => completed(direction, w)),
    /** Units moved, a row for each window and asset. */
    value: (direction: PaymentDirection) => eachWindow((w) => valueMoved(direction, w)),
    /** Payments of all chosen ASEs that ended so in the last hour: numbers add up across assets, amounts never. */
    inLastHour: (outcome: PaymentOutcome) => promql(`sum(${increase(paymentsEnded(outcome), '1h')})`),
    /** Completed ÷ ended, of outgoing payments in the last hour; NaN when none ended. */
    successRatioInLastHour: () =>
      promql(`sum(${increase(OUTGOING_COMPLETED, '1h')}) / sum(${increase(OUTGOING_ENDED, '1h')})`),
    perMinute: (outcome: PaymentOutcome) => promql(`sum(${rate(paymentsEnded(outcome))}) * 60`),
    valuePerMinute: (direction: PaymentDirection) =>
      promql(`sum by (instance, asset) (${rate(paymentAmounts(direction))}) * 60`),
    /** Completed ÷ ended over five minutes, so that a single payment does not throw the line about. */
    successRatio: () =>
      promql(
        whereKnown(
          `sum by (instance) (increase(${OUTGOING_COMPLETED}[5m])) / sum by (instance) (increase(${OUTGOING_ENDED}[5m]))`,
        ),
      ),
    duration: (direction: PaymentDirection, quantile: number) =>
      promql(whereKnown(quantileOf(quantile, buckets('payment_duration_seconds', { direction })))),
    quoteDuration: (quantile: number) =>
      promql(whereKnown(quantileOf(quantile, buckets('quote_duration_seconds')))),
  },
  packets: {
    /** By type and outcome, since the ledger began. */
    total: () => promql(`sum by (type, status) (${PACKETS})`),
    inLastHour: () => promql(`sum by (type, status) (${increase(PACKETS, '1h')})`),
    fulfilledInLastHour: () => promql(`sum(${increase(PREPARES_FULFILLED, '1h')})`),
    rejectedInLastHour: () => promql(`sum(${increase(PREPARES_REJECTED, '1h')})`),
    /** Fulfilled ÷ (fulfilled + rejected): the probes of quotes are not meant to be fulfilled and do not count. */
    successRatioInLastHour: () =>
      promql(`sum(${increase(PREPARES_FULFILLED, '1h')}) / sum(${increase(PREPARES_MEANT, '1h')})`),
    perSecond: (type: 'prepare' | 'fulfill' | 'reject') =>
      promql(`sum by (status) (${rate(selector('ilp_packets_processed_total', { type }))})`),
    perSecondByAse: () =>
      promql(`sum by (instance) (${rate(selector('ilp_packets_processed_total', { type: 'prepare' }))})`),
    inFlightByAse: () => promql(`sum by (instance) (${selector('ilp_packets_in_flight')})`),
    latency: (quantile: number) =>
      promql(whereKnown(quantileOf(quantile, buckets('ilp_packet_latency_seconds')))),
    /** NaN while no packet passes. */
    latencyNow: (quantile: number) => promql(quantileOf(quantile, buckets('ilp_packet_latency_seconds'))),
    /** How many packets fell into each latency bucket; all buckets or, while no packet passes, none. */
    latencyBuckets: () =>
      promql(
        `sum by (le) (${ratedIncrease(buckets('ilp_packet_latency_seconds'))}) and on () (sum(${ratedIncrease(
          buckets('ilp_packet_latency_seconds', { le: '+Inf' }),
        )}) > 0)`,
      ),
  },
  peers: {
    balance: () => promql(`sum by (peer_id, token_id) (${BALANCES})`),
    creditLimit: () => promql(`sum by (peer_id, token_id) (${CREDIT_LIMITS})`),
    /** Share of the credit limit that a peer's debt takes; 0 while we owe the peer. */
    limitUsed: () =>
      promql(
        `clamp_min(-sum by (peer_id, token_id) (${BALANCES}) / sum by (peer_id, token_id) (${CREDIT_LIMITS}), 0)`,
      ),
    credited: () => promql(`sum by (peer_id) (${selector('account_credits_total')})`),
    debited: () => promql(`sum by (peer_id) (${selector('account_debits_total')})`),
    balanceOverTime: () => promql(`sum by (instance, peer_id, token_id) (${BALANCES})`),
    creditedPerSecond: () =>
      promql(`sum by (instance, peer_id) (${rate(selector('account_credits_total'))})`),
    debitedPerSecond: () => promql(`sum by (instance, peer_id) (${rate(selector('account_debits_total'))})`),
  },
  errors: {
    total: () => promql(`sum by (type, severity) (${ERRORS})`),
    inLastHour: () => promql(`sum by (type, severity) (${increase(ERRORS, '1h')})`),
    criticalInLastHour: () =>
      promql(`sum(${increase(selector('connector_errors_total', { severity: 'critical' }), '1h')})`),
    perMinute: () => promql(`sum by (severity) (${rate(ERRORS)}) * 60`),
    /** Milliseconds, as Grafana wants times; 0 before the first error. */
    newest: () => promql(`max(${selector('connector_last_error_timestamp_seconds')}) * 1000`),
  },
  settlement: {
    inLastHour: (status: 'success' | 'failed') =>
      promql(`sum(${increase(selector('settlements_executed_total', { status }), '1h')})`),
    /** Success ÷ all that ended in the last hour; NaN when none did. */
    successRatioInLastHour: () =>
      promql(
        `sum(${increase(selector('settlements_executed_total', { status: 'success' }), '1h')}) / sum(${increase(SETTLEMENTS, '1h')})`,
      ),
    disputesInLastHour: () => promql(`sum(${increase(selector('payment_channels_disputes_total'), '1h')})`),
    refusalsInLastHour: () => promql(`sum(${increase(REFUSALS, '1h')})`),
    byOutcomeInLastHour: () => promql(`sum by (method, status) (${increase(SETTLEMENTS, '1h')})`),
    byOutcome: () => promql(`sum by (method, status) (${SETTLEMENTS})`),
    /** By chain and token: what was paid, and what is left there. */
    paid: () => promql(`sum by (method, token) (${SETTLED})`),
    onChain: () =>
      promql(
        `sum by (method, token) (${selector('settlement_chain_balance_units', { token: { variable: ASSET_VARIABLE } })})`,
      ),
    channels: () => promql(`sum by (method, status) (${CHANNELS})`),
    closed: () => promql(`sum by (method, reason) (${selector('payment_channels_closed_total')})`),
    refusals: () => promql(`sum by (reason) (${REFUSALS})`),
    perMinute: (method: SettlementMethod) =>
      promql(`sum by (instance) (${rate(selector('settlements_executed_total', { method }))}) * 60`),
    paidPerMinute: (method: SettlementMethod) =>
      promql(
        `sum by (instance, token) (${rate(selector('settlement_amount_total', { method, token: { variable: ASSET_VARIABLE } }))}) * 60`,
      ),
    latency: (quantile: number) =>
      promql(whereKnown(quantileOf(quantile, buckets('settlement_latency_seconds')))),
    channelsOverTime: () => promql(`sum by (status) (${CHANNELS})`),
    reorgsPerMinute: () =>
      promql(`sum by (instance, method) (${rate(selector('settlement_transactions_reorged_total'))}) * 60`),
    fundedPerMinute: () =>
      promql(`sum by (instance, method) (${rate(selector('payment_channels_funded_total'))}) * 60`),
  },
  rates: {
    /** By ASE: each loads the rates itself, so a difference between two of them shows. */
    inUse: () => promql(`max by (instance, from, to) (${selector('exchange_rate')})`),
    overTime: () => promql(`max by (from, to) (${selector('exchange_rate')})`),
  },
  /** What sources tell the chosen network. Amounts come in base units and are shown in dollars. */
  network: {
    transactions: (window: Window) => promql(`sum(${increase(TRANSACTIONS, window)})`),
    value: (window: Window) => promql(dollars(`sum(${valueShared(window)})`)),
    /** Dollars of a transaction; NaN when there was none. */
    average: (window: Window) =>
      promql(`${dollars(`sum(${valueShared(window)})`)} / sum(${increase(TRANSACTIONS, window)})`),
    transactionsBySource: (window: Window) => promql(`sum by (source) (${increase(TRANSACTIONS, window)})`),
    valueBySource: (window: Window) => promql(dollars(`sum by (source) (${valueShared(window)})`)),
    totalBySource: (name: NetworkCounter) => promql(`sum by (source) (${shared(name)})`),
    totalDollarsBySource: (name: NetworkCounter) => promql(dollars(`sum by (source) (${shared(name)})`)),
    transactionsPerMinute: () => promql(`sum by (source) (${senderRate(TRANSACTIONS)}) * 60`),
    valuePerMinute: () => promql(`${dollars(`sum by (source) (${eitherName(senderRate)})`)} * 60`),
    feesPerMinute: () =>
      promql(`${dollars(`sum by (source) (${senderRate(shared('transaction_fee_amounts_total'))})`)} * 60`),
    packetsPerMinute: (
      name: 'packet_count_prepare_total' | 'packet_count_fulfill_total' | 'packet_count_reject_total',
    ) => promql(`sum(${senderRate(shared(name))}) * 60`),
    payTime: (quantile: number) =>
      promql(whereKnown(quantileOf(quantile, sharedBuckets('ilp_pay_time_ms'), senderRate))),
    prepareTime: (quantile: number) =>
      promql(
        whereKnown(
          quantileOf(
            quantile,
            sharedBuckets('ilp_prepare_packet_processing_ms', { operation: SENDER_OPERATION }),
            senderRate,
          ),
        ),
      ),
  },
  /** Truth beside what each privacy mechanism makes of it, in dollars; nothing where nothing is shared. */
  privacy: {
    /** 1 for the chosen one, 0 for the others; in the order in which they are always named. */
    chosen: () =>
      promql(
        MECHANISMS.map(
          (mechanism) => `sum by (mechanism) (${selector('network_privacy_chosen', { mechanism })})`,
        ).join(' or '),
      ),
    /** The same truth on the row of each mechanism. */
    truth: () =>
      promql(dollars(`(0 * sum by (mechanism) (${CHOSEN}) + on () group_left () sum(${TRUE_UNITS}))`)),
    published: () => promql(dollars(PUBLISHED_NOW)),
    offBy: () => promql(dollars(`abs(${PUBLISHED_NOW} - on () group_left () sum(${TRUE_UNITS}))`)),
    /** As a share of the truth; nothing before the first payment. */
    error: () =>
      promql(
        `(${PUBLISHED_NOW} - on () group_left () sum(${TRUE_UNITS})) / on () group_left () sum(${TRUE_UNITS})`,
      ),
    bound: () => promql(dollars(`sum by (mechanism) (${ERROR_BOUNDS})`)),
    epsilon: () => promql(`max by (mechanism) (${selector('network_privacy_epsilon')})`),
    epsilonSpent: () => promql(`max by (mechanism) (${EPSILON_SPENT})`),
    /** How many times as likely one of two guesses about a packet may become. */
    odds: () => promql(`exp(max by (mechanism) (${EPSILON_SPENT}))`),
    epsilonSpentOverTime: () => promql(`max by (mechanism) (${EPSILON_SPENT}) < Inf`),
    truthOverTime: () => promql(dollars(`(sum(${TRUE_UNITS}) and on () ${IS_SHARED})`)),
    publishedOverTime: () => promql(dollars(PUBLISHED_NOW)),
    errorShareOverTime: (mechanism: MechanismName) =>
      promql(
        `(sum(${publishedBy(mechanism)}) - sum(${TRUE_UNITS})) / (sum(${TRUE_UNITS}) > 0) and on () ${IS_SHARED}`,
      ),
    /** Only where it is at most the whole: in the first minutes it is a hundred times that, and would flatten all else. */
    boundShareOverTime: (mechanism: MechanismName, sign: '' | '-') =>
      promql(
        `${sign}sum(${selector('network_amount_error_bound_units', { mechanism })}) / (sum(${TRUE_UNITS}) > 0) ${sign ? '>= -1' : '<= 1'}`,
      ),
    /** By how much the truth grew from point to point. */
    truthGrowth: () => promql(dollars(`(sum(${sinceLastPoint(TRUE_UNITS)}) and on () ${IS_SHARED})`)),
    publishedGrowth: (mechanism: MechanismName) =>
      promql(dollars(`(sum(${sinceLastPoint(publishedBy(mechanism))}) and on () ${IS_SHARED})`)),
  },
  /** As the usage backend counts them. */
  usage: {
    installations: (days: (typeof USAGE_SPANS_DAYS)[number]) =>
      promql(`sum(${reported('usage_installations', { days: String(days) })})`),
    stored: () => promql(`sum(${reported('usage_reports_stored')})`),
    /** Milliseconds, as Grafana wants times; 0 before the first report. */
    newest: () => promql(`max(${reported('usage_newest_report_timestamp_seconds')}) * 1000`),
    refusedInLastDay: () => promql(`sum(${increase(reported('usage_reports_refused_total'), '1d')})`),
    dayReports: () => promql(`sum by (day, version) (${reported('usage_day_reports')})`),
    dayInstallations: () => promql(`sum by (day, version) (${reported('usage_day_installations')})`),
    received: () => promql(`sum by (version) (${reported('usage_reports_received_total')})`),
    refusedPerMinute: () => promql(`sum by (reason) (${rate(reported('usage_reports_refused_total'))}) * 60`),
  },
  /** What the rules record and Prometheus says about them: of all ASEs the chosen ones, of alerts all. */
  alerts: {
    firing: (severity: Severity) =>
      promql(`count(ALERTS{alertstate="firing",severity=${quote(severity)}}) or vector(0)`),
    firingBySeverity: () => promql('count by (severity) (ALERTS{alertstate="firing",severity!="heartbeat"})'),
    pending: () => promql('count(ALERTS{alertstate="pending"}) or vector(0)'),
    /** 1 while the switch that always fires does. */
    heartbeat: () => promql('count(ALERTS{alertname="DeadMansSwitch",alertstate="firing"}) or vector(0)'),
    /** The dead man's switch included, so that there always is a row. What is of no ASE is of all. */
    list: () =>
      promql(
        'label_replace(max by (alertname, severity, instance, alertstate) (ALERTS), "instance", "all", "instance", "")',
      ),
    overTime: () =>
      promql(
        'count by (alertname) (ALERTS{alertstate="firing",severity!="heartbeat"}) or label_replace(vector(0), "alertname", "none", "", "")',
      ),
  },
  slo: {
    packetSuccessNow: () => promql(`1 - max(${recorded(RECORDED.packetErrorRatio('1h'))})`),
    settlementSuccessNow: () => promql(`1 - max(${recorded(RECORDED.settlementErrorRatio('1h'))})`),
    packetPromise: () => promql(RECORDED.slaPacketSuccess),
    settlementPromise: () => promql(RECORDED.slaSettlementSuccess),
    latencyPromise: () => promql(RECORDED.slaLatencyP99),
    packetErrorLimit: () => promql(`1 - ${RECORDED.slaPacketSuccess}`),
    settlementErrorLimit: () => promql(`1 - ${RECORDED.slaSettlementSuccess}`),
    packetErrors: () => promql(recorded(RECORDED.packetErrorRatio('1m'))),
    settlementErrors: () => promql(recorded(RECORDED.settlementErrorRatio('15m'))),
    packetBurn: (window: '5m' | '1h' | '6h' | '3d') =>
      promql(
        `max(${recorded(RECORDED.packetErrorRatio(window))}) / on () (1 - ${RECORDED.slaPacketSuccess})`,
      ),
    settlementBurn: (window: '5m' | '1h' | '6h' | '3d') =>
      promql(
        `max(${recorded(RECORDED.settlementErrorRatio(window))}) / on () (1 - ${RECORDED.slaSettlementSuccess})`,
      ),
    latencyP99: () => promql(whereKnown(recorded(RECORDED.latencyP99))),
    throughput: () => promql(recorded(RECORDED.packetRate)),
    memoryShare: () =>
      promql(
        `sum by (instance) (${selector('process_memory_usage_bytes')}) / sum by (instance) (${selector('process_memory_limit_bytes')})`,
      ),
  },
  /** How the processes and what they depend on fare. */
  health: {
    dependenciesAway: () => promql(`sum(1 - ${DEPENDENCIES})`),
    dependencyUp: () => promql(`max by (dependency) (${DEPENDENCIES})`),
    dependencyLatency: () =>
      promql(`max by (dependency) (${selector('connector_dependency_latency_seconds')})`),
    /** Of the process that started last. */
    uptime: () => promql(`time() - max(${selector('process_start_timestamp_seconds')})`),
    memoryShare: () =>
      promql(
        `max(sum by (instance) (${selector('process_memory_usage_bytes')}) / sum by (instance) (${selector('process_memory_limit_bytes')}))`,
      ),
    loopDelay: () => promql(`max(${selector('nodejs_eventloop_delay_p99_seconds')})`),
    loopUse: () => promql(`max(${selector('nodejs_eventloop_utilization_ratio')})`),
    loopDelayOverTime: () => promql(`max by (instance) (${selector('nodejs_eventloop_delay_p99_seconds')})`),
    loopUseOverTime: () => promql(`max by (instance) (${selector('nodejs_eventloop_utilization_ratio')})`),
    memory: () => promql(`sum by (instance) (${selector('process_memory_usage_bytes')})`),
    memoryLimit: () => promql(`sum by (instance) (${selector('process_memory_limit_bytes')})`),
    heap: () => promql(`sum by (instance) (${selector('v8js_memory_heap_used_bytes')})`),
    /** Share of the time that went into collecting garbage. */
    garbageTime: () => promql(`sum by (v8js_gc_type) (${rate(histogramSum('v8js_gc_duration_seconds'))})`),
    /** 1 while all chosen ASEs keep a promise of .env, else 0; over half an hour, which is recorded often. */
    packetPromiseKept: () =>
      promql(
        `min(1 - ${recorded(RECORDED.packetErrorRatio('30m'))} >= bool on () group_left () ${RECORDED.slaPacketSuccess})`,
      ),
    settlementPromiseKept: () =>
      promql(
        `min(1 - ${recorded(RECORDED.settlementErrorRatio('30m'))} >= bool on () group_left () ${RECORDED.slaSettlementSuccess})`,
      ),
    /** As the alert has it: too few packets in the last minute break no promise; without any, the latency is NaN. */
    latencyPromiseKept: () =>
      promql(
        `1 - max((${recorded(RECORDED.latencyP99)} > bool on () group_left () ${RECORDED.slaLatencyP99}) * (${recorded(RECORDED.packetRate)} >= bool ${MEASURABLE_PACKETS}))`,
      ),
  },
  /** HTTP as the ASEs served it, and all their connections. */
  http: {
    perSecond: () => promql(`sum(${rate(REQUESTS)})`),
    perSecondByAse: () => promql(`sum by (instance) (${rate(REQUESTS)})`),
    perSecondByStatus: () => promql(`sum by (http_response_status_code) (${rate(REQUESTS)})`),
    /** NaN while nobody asks. A status has no series before it was first answered, so here a zero is made up. */
    errorShare: () => promql(`(sum(${rate(SERVER_ERRORS)}) or vector(0)) / sum(${rate(REQUESTS)})`),
    active: () => promql(`sum(${selector('http_server_active_requests')})`),
    activeByAse: () => promql(`sum by (instance) (${selector('http_server_active_requests')})`),
    latency: (quantile: number) =>
      promql(whereKnown(quantileOf(quantile, buckets('http_server_request_duration_seconds')))),
    latencyNow: (quantile: number) =>
      promql(quantileOf(quantile, buckets('http_server_request_duration_seconds'))),
    latencyByRoute: (quantile: number) =>
      promql(
        whereKnown(
          `histogram_quantile(${quantile}, sum by (le, http_route) (${rate(buckets('http_server_request_duration_seconds'))}))`,
        ),
      ),
    /**
     * A route and status has no series before its first request, so a window would miss that one: since the process
     * began.
     */
    byRoute: () => promql(`sum by (${ROUTE_LABELS}) (${REQUESTS})`),
    /** Averages since then; NaN where nothing was measured. */
    meanDuration: () => promql(meanByRoute('http_server_request_duration_seconds')),
    meanRequestSize: () => promql(meanByRoute('http_server_request_body_size_bytes')),
    meanResponseSize: () => promql(meanByRoute('http_server_response_body_size_bytes')),
    bodiesPerSecond: (name: 'http_server_request_body_size_bytes' | 'http_server_response_body_size_bytes') =>
      promql(`sum by (instance) (${rate(histogramSum(name))})`),
    visitsInLastHour: () => promql(`sum(${increase(selector('wallet_address_visits_total'), '1h')})`),
    visitsPerMinute: () => promql(`sum by (outcome) (${rate(selector('wallet_address_visits_total'))}) * 60`),
  },
  sockets: {
    openNow: () => promql(`sum(${selector('process_network_open_connections')})`),
    openByAse: () => promql(`sum by (instance) (${selector('process_network_open_connections')})`),
    open: (side: ConnectionSide) =>
      promql(`sum by (instance) (${selector('process_network_open_connections', { side })})`),
    newPerMinute: () =>
      promql(`sum by (side, outcome) (${rate(selector('process_network_connections_total'))}) * 60`),
    bytesPerSecond: (network_io_direction: 'receive' | 'transmit') =>
      promql(
        `sum by (instance) (${rate(selector('process_network_io_bytes_total', { network_io_direction }))})`,
      ),
  },
  /** What k6 sees while it makes load, and what the ASEs see of it. Without load, k6's numbers are 0, and its times none. */
  load: {
    /** What k6 said last would else stand for five minutes after its end. */
    users: () => promql(orNone(`sum(${USERS} and timestamp(${USERS}) > time() - 10)`)),
    donePerSecond: () => promql(orNone(`sum(${rate(loaded('k6_iterations_total'))})`)),
    completedPerSecond: () => promql(`sum(${rate(OUTGOING_COMPLETED_EVERYWHERE)})`),
    /** Of the load that runs, or has just ended: k6 begins no counter with a zero, so no window of them is exact. */
    requests: () => promql(orNone(`sum(${loaded('k6_http_reqs_total')})`)),
    failed: () => promql(orNone(`sum(${FAILED_REQUESTS})`)),
    requestsPerSecond: () => promql(orNone(`sum(${rate(loaded('k6_http_reqs_total'))})`)),
    requestsServedPerSecond: () =>
      promql(`sum by (instance) (${rate(buckets('http_server_request_duration_seconds', { le: '+Inf' }))})`),
    failedPerSecond: () => promql(orNone(`sum(${rate(FAILED_REQUESTS)})`)),
    unmetPerSecond: () => promql(orNone(`sum(${rate(loaded('k6_checks_total', { condition: 'zero' }))})`)),
    connectorErrorsPerSecond: () => promql(`sum(${rate(ERRORS)})`),
    /** In seconds; k6 measures in milliseconds. */
    paymentDuration: (quantile: number) =>
      promql(
        whereKnown(`${quantileOf(quantile, loadedBuckets('k6_load_payment_duration_milliseconds'))} / 1000`),
      ),
    requestDuration: (quantile: number) =>
      promql(
        whereKnown(`${quantileOf(quantile, loadedBuckets('k6_http_req_duration_milliseconds'))} / 1000`),
      ),
    servedDuration: (quantile: number) =>
      promql(whereKnown(quantileByAse(quantile, buckets('http_server_request_duration_seconds')))),
    packetLatency: (quantile: number) =>
      promql(whereKnown(quantileByAse(quantile, buckets('ilp_packet_latency_seconds')))),
    eventLoopDelay: () => promql(`max by (instance) (${selector('nodejs_eventloop_delay_p99_seconds')})`),
    eventLoopBusy: () => promql(`max by (instance) (${selector('nodejs_eventloop_utilization_ratio')})`),
    memory: () => promql(`sum by (instance) (${selector('process_memory_usage_bytes')})`),
  },
  annotations: {
    /** The value is the time of the start in milliseconds: a new value is a restart. */
    processStarts: () => promql(`max by (instance) (${selector('process_start_timestamp_seconds')}) * 1000`),
  },
} as const;

/** Variables list the values of a label; this is Grafana's own notation around a selector. */
export const VARIABLE_QUERIES = {
  [INSTANCE_VARIABLE]: `label_values(${everywhere('ilp_packets_processed_total')}, instance)`,
  [ASSET_VARIABLE]: `label_values(${selector('payments_total')}, asset)`,
  [SOURCE_VARIABLE]: `label_values(${sharedByAll('transactions_total')}, source)`,
};
/** The networks are known, whether somebody sends to them or not. */
export const NETWORK_CHOICES = { name: NETWORK_VARIABLE, values: NETWORKS };

const ASSET = { asset: { variable: ASSET_VARIABLE } };
const paymentsEnded = (outcome: PaymentOutcome) => selector('payments_total', { ...outcome, ...ASSET });
const paymentAmounts = (direction: PaymentDirection) =>
  selector('payment_amount_units_total', { direction, ...ASSET });
const OUTGOING_COMPLETED = paymentsEnded({ direction: 'outgoing', state: 'completed' });
const OUTGOING_ENDED = selector('payments_total', { direction: 'outgoing', ...ASSET });

const OUTGOING_COMPLETED_EVERYWHERE = selector('payments_total', {
  direction: 'outgoing',
  state: 'completed',
});
const USERS = loaded('k6_vus');
const FAILED_REQUESTS = loaded('k6_http_req_failed_total', { condition: 'nonzero' });

const PACKETS = selector('ilp_packets_processed_total');
const PREPARES_FULFILLED = selector('ilp_packets_processed_total', { type: 'prepare', status: 'fulfilled' });
const PREPARES_REJECTED = selector('ilp_packets_processed_total', { type: 'prepare', status: 'rejected' });
const PREPARES_MEANT = selector('ilp_packets_processed_total', {
  type: 'prepare',
  status: { oneOf: ['fulfilled', 'rejected'] },
});
const BALANCES = selector('account_balance_units', { token_id: { variable: ASSET_VARIABLE } });
const CREDIT_LIMITS = selector('account_credit_limit_units', { token_id: { variable: ASSET_VARIABLE } });
const ERRORS = selector('connector_errors_total');

const DEPENDENCIES = selector('connector_dependency_up');
/** The labels of HTTP metrics, in the order in which tables show them. */
const ROUTE_LABELS = 'http_request_method, http_route, http_response_status_code';
const REQUESTS = histogramCount('http_server_request_duration_seconds');
const SERVER_ERRORS = histogramCount('http_server_request_duration_seconds', {
  http_response_status_code: { oneOf: ['500', '502', '503', '504'] },
});

const SETTLEMENTS = selector('settlements_executed_total');
const SETTLED = selector('settlement_amount_total', { token: { variable: ASSET_VARIABLE } });
const CHANNELS = selector('payment_channels_active');
const REFUSALS = selector('settlement_refusals_total');

const TRANSACTIONS = shared('transactions_total');
const TRUE_UNITS = selector('network_amount_true_units_total');
const ERROR_BOUNDS = selector('network_amount_error_bound_units');
const EPSILON_SPENT = selector('network_privacy_epsilon_spent');
const CHOSEN = selector('network_privacy_chosen');
/** Something where network telemetry is on: the counters of one that is off stand there as well. */
const IS_SHARED = `sum(${CHOSEN})`;
const PUBLISHED_NOW = `(sum by (mechanism) (${selector('network_amount_published_units_total')}) and on () ${IS_SHARED})`;
const publishedBy = (mechanism: MechanismName) =>
  selector('network_amount_published_units_total', { mechanism });

/** From base units. */
function dollars(expression: string): string {
  return `${expression} / ${10 ** BASE_ASSET.assetScale}`;
}

function valueShared(window: Window): string {
  return eitherName((series) => increase(series, window));
}

/** Earlier Rafikis know the value by another name only; where a source sends both, they are the same. */
function eitherName(read: (series: string) => string): string {
  return `${read(shared('packet_amount_fulfill_total'))} or ${read(shared('transactions_amount_total'))}`;
}

/** All observations of a histogram by route: their sum by their number. */
function meanByRoute(name: MetricOfKind<'histogram'>): string {
  const total = (series: string) => `sum by (${ROUTE_LABELS}) (${series})`;
  return `${total(histogramSum(name))} / ${total(histogramCount(name))}`;
}

/** What a counter counted from one point of a line to the next, exactly. */
function sinceLastPoint(series: string): string {
  return `increase(${series}[$__interval] anchored)`;
}

function promql(expression: string): PromQL {
  return expression as PromQL;
}

function completed(direction: PaymentDirection, window: Window): string {
  return `sum by (asset) (${increase(paymentsEnded({ direction, state: 'completed' } as PaymentOutcome), window)})`;
}

function valueMoved(direction: PaymentDirection, window: Window): string {
  return `sum by (asset) (${increase(paymentAmounts(direction), window)})`;
}

/** What a counter counted in a window, exactly. */
function increase(series: string, window: Window): string {
  return window === 'total' ? series : `increase(${series}[${window}] anchored)`;
}

/** For lines over time, where an extrapolated rate is right. */
function rate(series: string): string {
  return `rate(${series}[$__rate_interval])`;
}

/** For senders that export as seldom as every 15 s, which the shortest window would miss, a minute instead. */
function senderRate(series: string): string {
  return `(${rate(series)} or rate(${series}[1m]))`;
}

function ratedIncrease(series: string): string {
  return `increase(${series}[$__rate_interval])`;
}

function quantileOf(quantile: number, series: string, pace: (series: string) => string = rate): string {
  return `histogram_quantile(${quantile}, sum by (le) (${pace(series)}))`;
}

function quantileByAse(quantile: number, series: string): string {
  return `histogram_quantile(${quantile}, sum by (instance, le) (${rate(series)}))`;
}

/** Where series are there only at times, and their absence means that nothing happens. */
function orNone(expression: string): string {
  return `${expression} or vector(0)`;
}

/** Leaves NaN out: a line with nothing but gaps would be an empty graph that does not say why. */
function whereKnown(expression: string): string {
  return `${expression} >= 0`;
}

/** One vector with the rows of all windows, told apart by the label `window`, in the order of WINDOWS. */
function eachWindow(expression: (window: Window) => string): PromQL {
  return promql(
    WINDOWS.map(({ id, text }) => `label_replace(${expression(id)}, "window", ${quote(text)}, "", "")`).join(
      ' or ',
    ),
  );
}
