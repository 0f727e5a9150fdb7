import {
  CHANNEL_CLOSE_REASONS,
  CONNECTION_OUTCOMES,
  CONNECTION_SIDES,
  CONNECTOR_ERRORS,
  GC_TYPES,
  HTTP_METHODS,
  IO_DIRECTIONS,
  type LabelsOf,
  type LedgerCounter,
  type MetricName,
  PACKET_OUTCOMES,
  PAYMENT_OUTCOMES,
  SETTLEMENT_METHODS,
  SETTLEMENT_REFUSALS,
  SETTLEMENT_STATUSES,
  VISIT_OUTCOMES,
} from '../../../../telemetry/catalogue.ts';
import type { Total } from '../ledger/types.ts';
import { MECHANISMS } from './privacy/mechanism.ts';

/** The ledger counters that must stand at 0 before their first event, so that no first increase is lost. */
export function zeroTotals(
  assets: readonly string[],
  peers: ReadonlyArray<{ id: string; assetCode: string }>,
): Total[] {
  const tokens = [...new Set(peers.map(({ assetCode }) => assetCode))];
  return [
    ...SETTLEMENT_REFUSALS.map((reason) => zero('settlement_refusals_total', { reason })),
    ...SETTLEMENT_METHODS.flatMap((method) => [
      ...SETTLEMENT_STATUSES.map((status) => zero('settlements_executed_total', { method, status })),
      ...tokens.map((token) => zero('settlement_amount_total', { method, token })),
      ...CHANNEL_CLOSE_REASONS.map((reason) => zero('payment_channels_closed_total', { method, reason })),
      zero('payment_channels_funded_total', { method }),
      zero('payment_channels_disputes_total', { method }),
      zero('settlement_transactions_reorged_total', { method }),
    ]),
    ...PACKET_OUTCOMES.map((labels) => zero('ilp_packets_processed_total', labels)),
    ...CONNECTOR_ERRORS.map((labels) => zero('connector_errors_total', labels)),
    zero('network_amount_true_units_total', {}),
    ...MECHANISMS.map((mechanism) => zero('network_amount_published_units_total', { mechanism })),
    ...assets.flatMap((asset) => [
      ...PAYMENT_OUTCOMES.map((outcome) => zero('payments_total', { ...outcome, asset })),
      ...DIRECTIONS.map((direction) => zero('payment_amount_units_total', { direction, asset })),
      zero('network_telemetry_unconverted_total', { asset }),
    ]),
    ...peers.flatMap(({ id: peer_id }) => [
      zero('account_credits_total', { peer_id }),
      zero('account_debits_total', { peer_id }),
    ]),
  ];
}

/** The same for what a process measures itself: none of it is known to the ledger. */
export function zeroMeasurements(): Array<{ name: MetricName; labels: Record<string, string> }> {
  return [
    measurement('ilp_packets_in_flight', {}),
    measurement('quote_duration_seconds', {}),
    ...SETTLEMENT_METHODS.map((method) => measurement('settlement_latency_seconds', { method })),
    measurement('ilp_packet_latency_seconds', { type: 'prepare' }),
    ...DIRECTIONS.map((direction) => measurement('payment_duration_seconds', { direction })),
    ...HTTP_METHODS.map((method) =>
      measurement('http_server_active_requests', { http_request_method: method }),
    ),
    ...VISIT_OUTCOMES.map((outcome) => measurement('wallet_address_visits_total', { outcome })),
    ...CONNECTION_OUTCOMES.map((labels) => measurement('process_network_connections_total', labels)),
    ...CONNECTION_SIDES.flatMap((side) => [
      measurement('process_network_open_connections', { side }),
      ...IO_DIRECTIONS.map((network_io_direction) =>
        measurement('process_network_io_bytes_total', { network_io_direction, side }),
      ),
    ]),
    ...GC_TYPES.map((type) => measurement('v8js_gc_duration_seconds', { v8js_gc_type: type })),
  ];
}

const DIRECTIONS = [...new Set(PAYMENT_OUTCOMES.map(({ direction }) => direction))];

function measurement<N extends MetricName>(name: N, labels: LabelsOf<N>) {
  return { name, labels };
}

function zero<N extends LedgerCounter>(quantity: N, labels: LabelsOf<N>): Total {
  return { quantity, labels, value: 0n };
}
