import { type IlpReply, isFulfill } from 'ilp-packet';
import { aboutPacket } from '../correlation.ts';
import type { Packet, Step } from '../packet.ts';
import type { Log } from '../services.ts';

/** A line for each packet: how it ended and how long that took. Only there when lines at `debug` are written. */
export function packetLog({ log }: { log: Log }): Step {
  return async (packet, next) => {
    const startedMs = performance.now();
    const reply = await next(packet);
    log.debug?.(
      { ...aboutPacket(packet), ...ended(packet, reply, performance.now() - startedMs) },
      'Packet ended',
    );
    return reply;
  };
}

function ended({ source, prepare, record }: Packet, reply: IlpReply, latencyMs: number): object {
  const to = record.transfer?.destination;
  return {
    from: source.peerId ?? 'here',
    ...(to && { to: to.kind === 'peer' ? to.peer.id : 'here' }),
    amount: prepare.amount,
    outcome: isFulfill(reply) ? 'fulfilled' : reply.code,
    latencyMs: Math.round(latencyMs * 100) / 100,
  };
}
