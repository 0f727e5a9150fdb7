import type { IlpReply } from 'ilp-packet';
import type { Closing } from '../closing.ts';
import { aboutPacket } from '../correlation.ts';
import { toRefusal } from '../errors.ts';
import type { Step } from '../packet.ts';
import type { Log } from '../services.ts';

/** Makes a Reject of every error, then ends the packet in one commit. What comes out of here is on disk. */
export function errorHandling({
  ilpAddress,
  closing,
  log,
}: {
  ilpAddress: string;
  closing: Closing;
  log: Log;
}): Step {
  return async (packet, next) => {
    let reply: IlpReply;
    try {
      reply = await next(packet);
    } catch (error) {
      const refusal = toRefusal(error, ilpAddress);
      reply = refusal.reject;
      packet.record.errorType = refusal.errorType;
      if (refusal.errorType === 'internal')
        log.error({ err: error, ...aboutPacket(packet) }, 'A packet met an unexpected error');
    }
    return closing.close(packet, reply);
  };
}
