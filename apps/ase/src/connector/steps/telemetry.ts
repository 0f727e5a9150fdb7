import { type IlpReply, isFulfill } from 'ilp-packet';
import { CONNECTOR_ERRORS } from '../../../../../telemetry/catalogue.ts';
import type { Packet, Step } from '../packet.ts';
import type { Metrics } from '../telemetry.ts';

/**
 * Tells the operator's metrics how a packet ended, once its end is on disk. It looks at the packet and the reply
 * itself and shares no code with the ledger's totals, which tell the same: the two are compared.
 */
export function telemetry({ metrics }: { metrics: Metrics }): Step {
  return async (packet, next) => {
    const reply = await next(packet);
    // Not awaited: the reply never waits for telemetry.
    void packet.record.written.then(() => count(metrics, packet, reply));
    return reply;
  };
}

function count(metrics: Metrics, { source, record }: Packet, reply: IlpReply): void {
  if (isFulfill(reply)) {
    metrics.add('ilp_packets_processed_total', { type: 'prepare', status: 'fulfilled' }, 1n);
    metrics.add('ilp_packets_processed_total', { type: 'fulfill', status: 'valid' }, 1n);
    const { transfer } = record;
    if (transfer && source.peerId !== undefined) {
      metrics.add('account_debits_total', { peer_id: source.peerId }, transfer.sourceUnits);
    }
    if (transfer?.destination.kind === 'peer') {
      metrics.add(
        'account_credits_total',
        { peer_id: transfer.destination.peer.id },
        transfer.destinationUnits,
      );
    }
    return;
  }
  const status = record.isUnfulfillable ? 'unfulfillable' : 'rejected';
  metrics.add('ilp_packets_processed_total', { type: 'prepare', status }, 1n);
  if (record.errorType === 'wrong_fulfillment') {
    metrics.add('ilp_packets_processed_total', { type: 'fulfill', status: 'invalid' }, 1n);
  } else {
    const kind = { F: 'final', T: 'temporary', R: 'relative' }[reply.code[0] ?? ''];
    metrics.add('ilp_packets_processed_total', { type: 'reject', status: kind ?? 'final' }, 1n);
  }
  for (const { type, severity } of CONNECTOR_ERRORS) {
    if (type === record.errorType) metrics.add('connector_errors_total', { type, severity }, 1n);
  }
}
