import { type IlpReply, isFulfill } from 'ilp-packet';
import type { Entry, NetworkTelemetry } from '../../telemetry/network/network.ts';
import type { Packet, Step } from '../packet.ts';

export type PacketNetwork = Pick<NetworkTelemetry, 'fulfilled' | 'note' | 'count' | 'recordPacketTime'>;

/**
 * Tells the network of packets that this ASE sends for its own customers, and of no others: what it forwards or
 * receives is for its sender to tell. A packet that can move no money is left out. The note is part of the commit
 * that ends the packet, so that neither can be without the other; the reply waits for nothing else.
 */
export function networkTelemetry({ network }: { network: PacketNetwork }): Step {
  return async (packet, next) => {
    if (!isSent(packet)) return next(packet);
    const startedMs = performance.now();
    let fulfilled: Entry | undefined;
    const entry = (reply: IlpReply): Entry => {
      if (!isFulfill(reply)) return REJECTED;
      fulfilled ??= network.fulfilled(packet.source, sentUnits(packet));
      return fulfilled;
    };
    packet.record.noteEnd = (tx, reply) => network.note(tx, entry(reply));
    const reply = await next(packet);
    network.recordPacketTime(performance.now() - startedMs);
    // Not awaited: the reply never waits for telemetry.
    void packet.record.written.then(() => network.count(entry(reply)));
    return reply;
  };
}

const REJECTED: Entry = { kind: 'reject' };

const isSent = ({ source, record, prepare }: Packet): boolean =>
  source.peerId === undefined && !record.isUnfulfillable && prepare.amount !== '0';

/**
 * What left the sender, in its asset. The Prepare does not say: once a packet is taken up again after a crash, its
 * amount is what goes out to the next one, in that one's asset.
 */
const sentUnits = ({ record }: Packet): bigint => record.transfer?.sourceUnits ?? 0n;
