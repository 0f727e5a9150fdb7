import { type IlpReply, isFulfill } from 'ilp-packet';
import {
  CONNECTOR_ERRORS,
  type ConnectorErrorType,
  type PacketOutcome,
} from '../../../../telemetry/catalogue.ts';
import type { TotalIncrement } from '../ledger/types.ts';
import type { Packet } from './packet.ts';

/** What a packet adds to the ledger's durable totals: one row for the Prepare, one for its reply, value, error. */
export function packetTotals({ source, record }: Packet, reply: IlpReply): TotalIncrement[] {
  const totals: TotalIncrement[] = [
    outcome(prepareOutcome(record, reply)),
    outcome(replyOutcome(record, reply)),
  ];
  const { transfer } = record;
  if (transfer && isFulfill(reply)) {
    if (source.peerId !== undefined) {
      totals.push({
        quantity: 'account_debits_total',
        labels: { peer_id: source.peerId },
        by: transfer.sourceUnits,
      });
    }
    if (transfer.destination.kind === 'peer') {
      const labels = { peer_id: transfer.destination.peer.id };
      totals.push({ quantity: 'account_credits_total', labels, by: transfer.destinationUnits });
    }
  }
  return record.errorType === undefined ? totals : [...totals, ...errorTotals(record.errorType)];
}

export function errorTotals(type: ConnectorErrorType): TotalIncrement[] {
  const { severity } = CONNECTOR_ERRORS.find((error) => error.type === type)!;
  return [{ quantity: 'connector_errors_total', labels: { type, severity }, by: 1n }];
}

const outcome = (labels: PacketOutcome): TotalIncrement => ({
  quantity: 'ilp_packets_processed_total',
  // In the order in which the ledger keeps them.
  labels: { status: labels.status, type: labels.type },
  by: 1n,
});

function prepareOutcome(record: Packet['record'], reply: IlpReply): PacketOutcome {
  if (isFulfill(reply)) return { type: 'prepare', status: 'fulfilled' };
  return { type: 'prepare', status: record.isUnfulfillable ? 'unfulfillable' : 'rejected' };
}

function replyOutcome(record: Packet['record'], reply: IlpReply): PacketOutcome {
  if (isFulfill(reply)) return { type: 'fulfill', status: 'valid' };
  // The reply that came in was a Fulfill, though a Reject goes out.
  if (record.errorType === 'wrong_fulfillment') return { type: 'fulfill', status: 'invalid' };
  if (reply.code.startsWith('T')) return { type: 'reject', status: 'temporary' };
  if (reply.code.startsWith('R')) return { type: 'reject', status: 'relative' };
  return { type: 'reject', status: 'final' };
}
