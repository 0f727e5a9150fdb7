import { type IlpReply, isFulfill } from 'ilp-packet';
import type { LedgerTx } from '../../ledger/types.ts';
import type { NetworkTelemetry } from '../../telemetry/network/network.ts';
import type { Packet, Step } from '../packet.ts';

export type PacketNetwork = Pick<NetworkTelemetry, 'notePacket' | 'recordPacketTime'>;

/**
 * Tells the network of packets that this ASE sends for its own customers, and of no others: what it forwards or
 * receives is for its sender to tell. A packet that can move no money is left out. The note is a row in the commit
 * that ends the packet, so that neither can be without the other; the reply waits for nothing else.
 */
export function networkTelemetry({ network }: { network: PacketNetwork }): Step {
  return async (packet, next) => {
    if (!isSent(packet)) return next(packet);
    const startedMs = performance.now();
    packet.record.noteEnd = (tx, reply) => noteEnd(network, packet, tx, reply);
    try {
      return await next(packet);
    } finally {
      network.recordPacketTime(performance.now() - startedMs);
    }
  };
}

const isSent = ({ source, record, prepare }: Packet): boolean =>
  source.peerId === undefined && !record.isUnfulfillable && prepare.amount !== '0';

function noteEnd(network: PacketNetwork, { source, record }: Packet, tx: LedgerTx, reply: IlpReply): void {
  // What left the sender, in its asset: the amount in the Prepare itself is already in the next one's asset when the
  // packet is taken up again after a crash.
  const sentUnits = record.transfer?.sourceUnits ?? 0n;
  network.notePacket(tx, { asset: source, sentUnits, isFulfilled: isFulfill(reply) });
}
