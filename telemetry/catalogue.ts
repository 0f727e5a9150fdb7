/**
 * The vocabulary of the playground: every operator metric, once. Instruments, dashboards, rules, the truth
 * check and the reference page read it; no other file spells a metric name. What goes to the network instead is
 * in networkCatalogue.ts.
 *
 * A key is the name as Prometheus shows it. `kind` is the OpenTelemetry instrument, `unit` a UCUM code or an
 * annotation in braces (which adds no suffix), `source` says who fills it: `ledger` metrics start at the
 * ledger's durable total and are compared with it by `truth`; `process` metrics start anew with the process.
 * `instrument` is given where an OpenTelemetry semantic convention names the metric; else it follows from the key.
 */

/** Upper bounds, here in seconds. A packet or request takes 0.5 ms to 10 s, a payment 5 ms to a minute. */
const LATENCY_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;
const PAYMENT_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;
const GC_BUCKETS_SECONDS = [0.001, 0.01, 0.1, 1, 10] as const;
/** From a packet's reply to the largest body that is taken. */
const BODY_BUCKETS_BYTES = [128, 1024, 8192, 65_536] as const;

export const CATALOGUE = {
  ilp_packets_processed_total: {
    kind: 'counter',
    unit: '{packet}',
    labels: ['type', 'status'],
    source: 'ledger',
    help: 'ILP packets by type (prepare, fulfill, reject) and outcome.',
  },
  ilp_packet_latency_seconds: {
    kind: 'histogram',
    unit: 's',
    buckets: LATENCY_BUCKETS_SECONDS,
    labels: ['type'],
    source: 'process',
    help: 'Time from an ILP Prepare to its reply, as this connector saw it.',
  },
  ilp_packets_in_flight: {
    kind: 'updowncounter',
    unit: '{packet}',
    labels: [],
    source: 'process',
    help: 'ILP Prepares that wait for their reply.',
  },
  payments_total: {
    kind: 'counter',
    unit: '{payment}',
    labels: ['direction', 'state', 'asset'],
    source: 'ledger',
    help: 'Payments that reached an end state.',
  },
  payment_amount_units_total: {
    kind: 'counter',
    unit: '{unit}',
    labels: ['direction', 'asset'],
    source: 'ledger',
    help: 'Value sent or received by payments, in the smallest unit of the asset.',
  },
  payment_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    buckets: PAYMENT_BUCKETS_SECONDS,
    labels: ['direction'],
    source: 'process',
    help: 'Time from the creation of a payment to its end state.',
  },
  quote_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    buckets: LATENCY_BUCKETS_SECONDS,
    labels: [],
    source: 'process',
    help: 'Time to make a quote, rate probe included.',
  },
  account_balance_units: {
    kind: 'gauge',
    unit: '{unit}',
    labels: ['peer_id', 'token_id'],
    source: 'ledger',
    help: 'What this ASE owes a peer (below zero: what the peer owes), in the smallest unit of the asset.',
  },
  account_credit_limit_units: {
    kind: 'gauge',
    unit: '{unit}',
    labels: ['peer_id', 'token_id'],
    source: 'ledger',
    help: 'How far below zero the balance of a peer may go, in the smallest unit of the asset.',
  },
  account_credits_total: {
    kind: 'counter',
    unit: '{unit}',
    labels: ['peer_id'],
    source: 'ledger',
    help: 'Units credited to a peer by fulfilled packets that went out to it.',
  },
  account_debits_total: {
    kind: 'counter',
    unit: '{unit}',
    labels: ['peer_id'],
    source: 'ledger',
    help: 'Units debited from a peer by fulfilled packets that came in from it.',
  },
  settlements_executed_total: {
    kind: 'counter',
    unit: '{settlement}',
    labels: ['method', 'status'],
    source: 'ledger',
    help: 'Settlements that this ASE made: success when the peer took the claim, failed when chain or peer did not.',
  },
  settlement_amount_total: {
    kind: 'counter',
    unit: '{unit}',
    labels: ['method', 'token'],
    source: 'ledger',
    help: 'Value that this ASE paid to its peers by settlements, in the smallest unit of the token.',
  },
  settlement_latency_seconds: {
    kind: 'histogram',
    unit: 's',
    buckets: PAYMENT_BUCKETS_SECONDS,
    labels: ['method'],
    source: 'process',
    help: 'Time from the decision to settle to the peer’s answer, with all that the chain had to do before.',
  },
  settlement_refusals_total: {
    kind: 'counter',
    unit: '{refusal}',
    labels: ['reason'],
    source: 'ledger',
    help: 'Claims of peers and orders of the operator that this ASE refused to book, by cause.',
  },
  settlement_chain_balance_units: {
    kind: 'gauge',
    unit: '{unit}',
    labels: ['method', 'token'],
    source: 'ledger',
    help: 'What this ASE owns on a chain outside of channels, as its books have it; the chain itself must say the same.',
  },
  settlement_transactions_reorged_total: {
    kind: 'counter',
    unit: '{transaction}',
    labels: ['method'],
    source: 'ledger',
    help: 'Transactions of this ASE that a reorganisation of the chain took back before they were final.',
  },
  payment_channels_active: {
    kind: 'gauge',
    unit: '{channel}',
    labels: ['method', 'status'],
    source: 'ledger',
    help: 'Payment channels with peers that are not closed, paying and receiving ones, by state.',
  },
  payment_channels_funded_total: {
    kind: 'counter',
    unit: '{channel}',
    labels: ['method'],
    source: 'ledger',
    help: 'How often this ASE put money into a payment channel: when it opened one, and when it added to one.',
  },
  payment_channels_disputes_total: {
    kind: 'counter',
    unit: '{dispute}',
    labels: ['method'],
    source: 'ledger',
    help: 'Disputes about the state of a payment channel, seen from either end.',
  },
  payment_channels_closed_total: {
    kind: 'counter',
    unit: '{channel}',
    labels: ['method', 'reason'],
    source: 'ledger',
    help: 'Payment channels that were closed: agreed by the payee, expired without a word of it, or disputed.',
  },
  exchange_rate: {
    kind: 'gauge',
    unit: '',
    labels: ['from', 'to'],
    source: 'process',
    help: 'Exchange rate in use: units of `to` for one unit of `from`.',
  },
  connector_errors_total: {
    kind: 'counter',
    unit: '{error}',
    labels: ['type', 'severity'],
    source: 'ledger',
    help: 'Packets that this connector itself refused or failed, by cause.',
  },
  connector_last_error_timestamp_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: [],
    source: 'ledger',
    help: 'When the newest connector error happened, as Unix time; 0 before the first.',
  },
  network_amount_true_units_total: {
    kind: 'counter',
    unit: '{unit}',
    labels: [],
    source: 'ledger',
    help: 'Value that network telemetry is about, exact and for the operator alone: USD of scale 4, as of the last release.',
  },
  network_amount_published_units_total: {
    kind: 'counter',
    unit: '{unit}',
    labels: ['mechanism'],
    source: 'ledger',
    help: 'What each privacy mechanism makes of that value; only the chosen one goes to the network.',
  },
  network_amount_error_bound_units: {
    kind: 'gauge',
    unit: '{unit}',
    labels: ['mechanism'],
    source: 'process',
    help: 'How far a mechanism can be from the truth now, at 99.9 % confidence; absent where no bound can be given.',
  },
  network_privacy_epsilon: {
    kind: 'gauge',
    unit: '',
    labels: ['mechanism'],
    source: 'process',
    help: 'Privacy parameter ε that a mechanism works with; +Inf where there is no protection.',
  },
  network_privacy_epsilon_spent: {
    kind: 'gauge',
    unit: '',
    labels: ['mechanism'],
    source: 'process',
    help: 'Privacy ε spent so far on the packet about which most was released; +Inf where nothing is guaranteed.',
  },
  network_privacy_chosen: {
    kind: 'gauge',
    unit: '',
    labels: ['mechanism'],
    source: 'process',
    help: '1 for the mechanism whose total goes to the network, 0 for those that run beside it.',
  },
  network_telemetry_unconverted_total: {
    kind: 'counter',
    unit: '{packet}',
    labels: ['asset'],
    source: 'ledger',
    help: 'Fulfilled packets without a rate to USD: counted, but not in any amount.',
  },
  trace_contexts_refused_total: {
    kind: 'counter',
    unit: '{request}',
    labels: ['reason'],
    source: 'process',
    help: 'Packets and claims of peers whose trace headers or correlation id made no sense or came too often; they were handled without.',
  },
  http_server_request_duration_seconds: {
    kind: 'histogram',
    instrument: 'http.server.request.duration',
    unit: 's',
    buckets: LATENCY_BUCKETS_SECONDS,
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
    source: 'process',
    help: 'Duration of HTTP server requests (OpenTelemetry semantic convention).',
  },
  http_server_active_requests: {
    kind: 'updowncounter',
    instrument: 'http.server.active_requests',
    unit: '{request}',
    labels: ['http_request_method'],
    source: 'process',
    help: 'HTTP server requests under way (OpenTelemetry semantic convention).',
  },
  http_server_request_body_size_bytes: {
    kind: 'histogram',
    instrument: 'http.server.request.body.size',
    unit: 'By',
    buckets: BODY_BUCKETS_BYTES,
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
    source: 'process',
    help: 'Size of HTTP request bodies that came whole and said their length (OpenTelemetry semantic convention).',
  },
  http_server_response_body_size_bytes: {
    kind: 'histogram',
    instrument: 'http.server.response.body.size',
    unit: 'By',
    buckets: BODY_BUCKETS_BYTES,
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
    source: 'process',
    help: 'Size of HTTP response bodies that were sent whole (OpenTelemetry semantic convention).',
  },
  wallet_address_visits_total: {
    kind: 'counter',
    unit: '{visit}',
    labels: ['outcome'],
    source: 'process',
    help: 'How often somebody asked for a wallet address, and whether there is such a wallet; never whose it is.',
  },
  process_network_io_bytes_total: {
    kind: 'counter',
    instrument: 'process.network.io',
    unit: 'By',
    labels: ['network_io_direction', 'side'],
    source: 'process',
    help: 'Bytes over all TCP connections of the process (OpenTelemetry semantic convention), by who opened them: `server` others, `client` itself.',
  },
  process_network_connections_total: {
    kind: 'counter',
    instrument: 'process.network.connections',
    unit: '{connection}',
    labels: ['side', 'outcome'],
    source: 'process',
    help: 'TCP connections that were accepted or refused for their number (`server`), established or failed (`client`).',
  },
  process_network_open_connections: {
    kind: 'updowncounter',
    instrument: 'process.network.open_connections',
    unit: '{connection}',
    labels: ['side'],
    source: 'process',
    help: 'TCP connections that are open.',
  },
  connector_dependency_up: {
    kind: 'gauge',
    unit: '',
    labels: ['dependency'],
    source: 'process',
    help: '1 while what the ASE depends on can be used (ledger, rates, each peer, collector), 0 while not, as /health has it.',
  },
  connector_dependency_latency_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: ['dependency'],
    source: 'process',
    help: 'How long the newest look at a dependency took.',
  },
  nodejs_eventloop_delay_p99_seconds: {
    kind: 'gauge',
    instrument: 'nodejs.eventloop.delay.p99',
    unit: 's',
    labels: [],
    source: 'process',
    help: 'Event-loop delay, 99th percentile (OpenTelemetry semantic convention).',
  },
  nodejs_eventloop_utilization_ratio: {
    kind: 'gauge',
    instrument: 'nodejs.eventloop.utilization',
    unit: '1',
    labels: [],
    source: 'process',
    help: 'Share of the time that the event loop was busy (OpenTelemetry semantic convention).',
  },
  v8js_memory_heap_used_bytes: {
    kind: 'gauge',
    instrument: 'v8js.memory.heap.used',
    unit: 'By',
    labels: ['v8js_heap_space_name'],
    source: 'process',
    help: 'Heap in use by V8 heap space (OpenTelemetry semantic convention).',
  },
  v8js_gc_duration_seconds: {
    kind: 'histogram',
    instrument: 'v8js.gc.duration',
    unit: 's',
    buckets: GC_BUCKETS_SECONDS,
    labels: ['v8js_gc_type'],
    source: 'process',
    help: 'Duration of garbage collections (OpenTelemetry semantic convention).',
  },
  process_memory_usage_bytes: {
    kind: 'gauge',
    instrument: 'process.memory.usage',
    unit: 'By',
    labels: [],
    source: 'process',
    help: 'Resident memory of the process (OpenTelemetry semantic convention).',
  },
  process_memory_limit_bytes: {
    kind: 'gauge',
    unit: 'By',
    labels: [],
    source: 'process',
    help: 'Resident memory that the process may take: what docker-compose.yml gives its container.',
  },
  process_start_timestamp_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: [],
    source: 'process',
    help: 'When the process started, as Unix time: a change of it is a restart.',
  },
} as const satisfies Record<string, MetricSpec>;

export type InstrumentKind = 'counter' | 'updowncounter' | 'gauge' | 'histogram';

export interface MetricSpec {
  kind: InstrumentKind;
  unit: string;
  labels: readonly string[];
  source: 'ledger' | 'process';
  /** The OpenTelemetry name, where a semantic convention gives one. */
  instrument?: string;
  /** Of histograms: upper bounds, in the unit. */
  buckets?: readonly number[];
  help: string;
}

export type MetricName = keyof typeof CATALOGUE;
export type MetricOfKind<K extends InstrumentKind> = {
  [N in MetricName]: (typeof CATALOGUE)[N]['kind'] extends K ? N : never;
}[MetricName];
/** The counters that the ledger keeps durable totals of. */
export type LedgerCounter = {
  [N in MetricName]: (typeof CATALOGUE)[N] extends { kind: 'counter'; source: 'ledger' } ? N : never;
}[MetricName];
/** Exactly the labels that the catalogue gives a metric. */
export type LabelsOf<N extends MetricName> = Record<(typeof CATALOGUE)[N]['labels'][number], string>;

/** Resource and scope of operator telemetry; `service.instance.id` (the ASE's name) becomes `instance`. */
export const OPERATOR_SERVICE_NAME = 'ilp-connector';
export const OPERATOR_METER_NAME = 'ilp-connector';

/** All values of labels whose series must stand at 0 before their first event. */
export const PACKET_OUTCOMES = [
  { type: 'prepare', status: 'fulfilled' },
  { type: 'prepare', status: 'rejected' },
  // A Prepare whose condition nobody can fulfill (32 zero bytes): the rate probe of a quote, not a failure.
  { type: 'prepare', status: 'unfulfillable' },
  { type: 'fulfill', status: 'valid' },
  { type: 'fulfill', status: 'invalid' },
  { type: 'reject', status: 'final' },
  { type: 'reject', status: 'temporary' },
  { type: 'reject', status: 'relative' },
] as const;
export type PacketOutcome = (typeof PACKET_OUTCOMES)[number];

export const PAYMENT_OUTCOMES = [
  { direction: 'outgoing', state: 'completed' },
  { direction: 'outgoing', state: 'failed' },
  { direction: 'incoming', state: 'completed' },
  { direction: 'incoming', state: 'expired' },
] as const;
export type PaymentOutcome = (typeof PAYMENT_OUTCOMES)[number];
export type PaymentDirection = PaymentOutcome['direction'];

/** What a connector may refuse or fail, and how bad each is for its operator. */
export const CONNECTOR_ERRORS = [
  { type: 'invalid_packet', severity: 'warning' },
  { type: 'unknown_peer', severity: 'warning' },
  { type: 'unreachable', severity: 'warning' },
  { type: 'amount_too_large', severity: 'warning' },
  { type: 'rate_limited', severity: 'warning' },
  { type: 'throughput_exceeded', severity: 'warning' },
  { type: 'insufficient_liquidity', severity: 'warning' },
  { type: 'expired', severity: 'warning' },
  { type: 'peer_unreachable', severity: 'critical' },
  { type: 'wrong_fulfillment', severity: 'critical' },
  { type: 'rates_unavailable', severity: 'critical' },
  { type: 'ledger_unavailable', severity: 'critical' },
  { type: 'internal', severity: 'critical' },
] as const;
export type ConnectorErrorType = (typeof CONNECTOR_ERRORS)[number]['type'];

/** The methods that OpenTelemetry knows; any other is `_OTHER`. */
export const HTTP_METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'CONNECT',
  'TRACE',
] as const;

/** What somebody who asks for a wallet address finds. */
export const VISIT_OUTCOMES = ['found', 'unknown'] as const;
export type VisitOutcome = (typeof VISIT_OUTCOMES)[number];

/** Who opens a TCP connection, and what becomes of it. */
export const CONNECTION_OUTCOMES = [
  { side: 'server', outcome: 'accepted' },
  { side: 'server', outcome: 'refused' },
  { side: 'client', outcome: 'established' },
  { side: 'client', outcome: 'failed' },
] as const;
export type ConnectionSide = (typeof CONNECTION_OUTCOMES)[number]['side'];
export const CONNECTION_SIDES: readonly ConnectionSide[] = ['server', 'client'];
/** As OpenTelemetry has it. */
export const IO_DIRECTIONS = ['receive', 'transmit'] as const;

export const GC_TYPES = ['major', 'minor', 'incremental', 'weakcb'] as const;

/** Why the trace headers of a peer are not believed; `correlation_id` is the header for logs. */
export const TRACE_CONTEXT_REFUSALS = ['malformed', 'oversized', 'too_many', 'correlation_id'] as const;

/** How an ASE can settle, and what can become of it. */
export const SETTLEMENT_METHODS = ['xrp', 'evm'] as const;
export type SettlementMethod = (typeof SETTLEMENT_METHODS)[number];
export const SETTLEMENT_STATUSES = ['success', 'failed'] as const;
export const CHANNEL_STATUSES = ['opening', 'open', 'closing', 'disputed'] as const;
export const CHANNEL_CLOSE_REASONS = ['agreed', 'expired', 'disputed'] as const;
export const SETTLEMENT_REFUSALS = [
  'malformed',
  'below_zero',
  'unknown_peer',
  'unknown_channel',
  'closed_channel',
  'wrong_signature',
  'replayed',
  'stale_state',
  'over_funding',
] as const;
export type SettlementRefusal = (typeof SETTLEMENT_REFUSALS)[number];
