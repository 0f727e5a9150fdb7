import type { MetricSpec } from './catalogue.ts';

/**
 * What an ASE shares with its network: every network metric, once, by its name in Prometheus. Names, meter and
 * resource are those of Rafiki, so that one board shows both; `instrument` is the name that goes over OTLP. Units
 * are empty as Rafiki's are: a unit would become part of the name.
 *
 * All is counted on the sending side alone, and packets that can move no money (unfulfillable, or of amount 0) are
 * left out. `ledger` metrics continue where the ledger has them; `process` metrics start anew with the process.
 */
export const NETWORK_CATALOGUE = {
  transactions_total: {
    kind: 'counter',
    instrument: 'transactions_total',
    unit: '',
    labels: ['source'],
    source: 'ledger',
    help: 'Outgoing payments that have ended and were at least partly successful.',
  },
  transactions_amount_total: {
    kind: 'counter',
    instrument: 'transactions_amount',
    unit: '',
    labels: ['source'],
    source: 'ledger',
    help: 'Value of fulfilled packets in USD of scale 4, after the privacy mechanism.',
  },
  packet_count_prepare_total: {
    kind: 'counter',
    instrument: 'packet_count_prepare',
    unit: '',
    labels: ['source'],
    source: 'ledger',
    help: 'Prepares of own outgoing payments whose end is known.',
  },
  packet_count_fulfill_total: {
    kind: 'counter',
    instrument: 'packet_count_fulfill',
    unit: '',
    labels: ['source'],
    source: 'ledger',
    help: 'Those that were fulfilled.',
  },
  packet_count_reject_total: {
    kind: 'counter',
    instrument: 'packet_count_reject',
    unit: '',
    labels: ['source'],
    source: 'ledger',
    help: 'Those that were rejected.',
  },
  packet_amount_fulfill_total: {
    kind: 'counter',
    instrument: 'packet_amount_fulfill',
    unit: '',
    labels: ['source'],
    source: 'ledger',
    help: 'The same value as transactions_amount_total, by the name that a current Rafiki gives it.',
  },
  transaction_fee_amounts_total: {
    kind: 'counter',
    instrument: 'transaction_fee_amounts',
    unit: '',
    labels: ['source'],
    source: 'ledger',
    help: 'Fees of outgoing payments in USD of scale 4, after the privacy mechanism.',
  },
  ilp_pay_time_ms: {
    kind: 'histogram',
    instrument: 'ilp_pay_time_ms',
    unit: '',
    buckets: [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000],
    labels: ['source'],
    source: 'process',
    help: 'Milliseconds to send an outgoing payment over ILP: the attempt that delivered it.',
  },
  ilp_prepare_packet_processing_ms: {
    kind: 'histogram',
    instrument: 'ilp_prepare_packet_processing_ms',
    unit: '',
    buckets: [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000],
    labels: ['source', 'operation'],
    source: 'process',
    help: 'Milliseconds from a Prepare to its reply, in this connector and beyond.',
  },
} as const satisfies Record<string, MetricSpec & { instrument: string }>;

export type NetworkMetricName = keyof typeof NETWORK_CATALOGUE;
/** The counters: what the ledger knows exactly. */
export type NetworkCounter = {
  [N in NetworkMetricName]: (typeof NETWORK_CATALOGUE)[N] extends { kind: 'counter' } ? N : never;
}[NetworkMetricName];
export const NETWORK_COUNTERS = (Object.keys(NETWORK_CATALOGUE) as NetworkMetricName[]).filter(
  (name): name is NetworkCounter => NETWORK_CATALOGUE[name].kind === 'counter',
);

/** Resource and scope. `service.name` becomes the label `job`. */
export const NETWORK_SERVICE_NAME = 'RAFIKI_NETWORK';
export const NETWORK_METER_NAME = 'Rafiki';
/** Resource attribute with the sender's name, beside the attribute `source` of every point. */
export const NETWORK_INSTANCE_ATTRIBUTE = 'instance';

/** The two networks, which never mix: the collector that takes a series names its network in this label. */
export const NETWORK_LABEL = 'network';
export const NETWORKS = ['testnet', 'livenet'] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** What all amounts are converted to before they go out: `units` are 1/10000 of a dollar. */
export const BASE_ASSET = { assetCode: 'USD', assetScale: 4 } as const;

/** Of the label `operation`; Rafiki also sends the others of its operations, which are no sender's. */
export const SENDER_OPERATION = 'outgoing_payment';
