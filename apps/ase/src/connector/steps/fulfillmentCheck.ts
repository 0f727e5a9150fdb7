import { Errors, isFulfill } from 'ilp-packet';
import { type Step, sha256 } from '../packet.ts';

/** Money moves only against the preimage of the condition. */
export function fulfillmentCheck(): Step {
  return async (packet, next) => {
    const reply = await next(packet);
    if (isFulfill(reply) && !sha256(reply.fulfillment).equals(packet.prepare.executionCondition)) {
      throw new Errors.WrongConditionError('the fulfillment does not match the condition');
    }
    return reply;
  };
}
