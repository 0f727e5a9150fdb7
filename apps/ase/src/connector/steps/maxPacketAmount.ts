import { Errors } from 'ilp-packet';
import type { Step } from '../packet.ts';
import type { Peer } from '../types.ts';

/** A peer's packets stay below its limit. The reject says both amounts, so that the sender finds the limit at once. */
export function maxPacketAmount({ peers }: { peers: ReadonlyMap<string, Peer> }): Step {
  return (packet, next) => {
    const limitUnits = peers.get(packet.source.peerId ?? '')?.maxPacketAmountUnits;
    if (limitUnits !== undefined && BigInt(packet.prepare.amount) > limitUnits) {
      throw new Errors.AmountTooLargeError(`the largest packet is ${limitUnits} units`, {
        receivedAmount: packet.prepare.amount,
        maximumAmount: limitUnits.toString(),
      });
    }
    return next(packet);
  };
}
