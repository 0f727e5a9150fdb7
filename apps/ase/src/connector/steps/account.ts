import { Errors } from 'ilp-packet';
import { aboutPacket } from '../correlation.ts';
import type { Destination, Packet, Step } from '../packet.ts';
import { isWithin } from '../routes.ts';
import type { LocalReceiver, Peer } from '../types.ts';
import { ILDCP_ADDRESS } from './ildcp.ts';

/** Where the packet goes: to a payment here, to the peer with the best route, or to this connector itself. */
export function account({
  ilpAddress,
  receiver,
  routeTo,
}: {
  ilpAddress: string;
  receiver: LocalReceiver;
  routeTo: (address: string) => Peer | undefined;
}): Step {
  function findDestination(address: string, packet: Packet): Destination | undefined {
    const { source } = packet;
    if (isWithin(address, ilpAddress)) {
      const local = receiver.resolve(address, aboutPacket(packet));
      return local && { kind: 'local', local };
    }
    const peer = routeTo(address);
    // A packet never goes back to where it came from: that would be a loop.
    return peer && peer.id !== source.peerId ? { kind: 'peer', peer } : undefined;
  }

  return (packet, next) => {
    const address = packet.prepare.destination;
    if (address === ILDCP_ADDRESS) return next(packet);
    const destination = findDestination(address, packet);
    if (!destination) throw new Errors.UnreachableError('there is no payment and no route at this address');
    return next({ ...packet, destination });
  };
}
