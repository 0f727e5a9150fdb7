import { Errors } from 'ilp-packet';
import type { InFlight } from '../inFlight.ts';
import type { Step } from '../packet.ts';

/** What is under way stays bounded, whatever peers send and however slow others answer. */
export function capacity({
  inFlight,
  packetsInFlight,
}: {
  inFlight: InFlight;
  packetsInFlight: number;
}): Step {
  return (packet, next) => {
    if (inFlight.count() > packetsInFlight) throw new Errors.ConnectorBusyError('too many packets under way');
    return next(packet);
  };
}
