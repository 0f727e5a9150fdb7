import {
  CONNECTOR_ERRORS,
  type LabelsOf,
  type LedgerCounter,
  PACKET_OUTCOMES,
  PAYMENT_OUTCOMES,
} from '../../../../telemetry/catalogue.ts';
import type { Total } from '../ledger/types.ts';

/** The ledger counters that must stand at 0 before their first event, so that no first increase is lost. */
export function zeroTotals(assets: readonly string[], peerIds: readonly string[]): Total[] {
  const directions = [...new Set(PAYMENT_OUTCOMES.map(({ direction }) => direction))];
  return [
    ...PACKET_OUTCOMES.map((labels) => zero('ilp_packets_processed_total', labels)),
    ...CONNECTOR_ERRORS.map((labels) => zero('connector_errors_total', labels)),
    ...assets.flatMap((asset) => [
      ...PAYMENT_OUTCOMES.map((outcome) => zero('payments_total', { ...outcome, asset })),
      ...directions.map((direction) => zero('payment_amount_units_total', { direction, asset })),
    ]),
    ...peerIds.flatMap((peer_id) => [
      zero('account_credits_total', { peer_id }),
      zero('account_debits_total', { peer_id }),
    ]),
  ];
}

function zero<N extends LedgerCounter>(quantity: N, labels: LabelsOf<N>): Total {
  return { quantity, labels, value: 0n };
}
