import type { Step } from '../packet.ts';
import type { PacketSource } from '../types.ts';

/** The connector itself, whatever its own address. */
export const ILDCP_ADDRESS = 'peer.config';

/** Answers `peer.config` requests (IL-DCP, RFC 31): the address and asset under which the asker is known here. */
export function ildcp(): Step {
  return (packet, next) => {
    if (packet.prepare.destination !== ILDCP_ADDRESS) return next(packet);
    // The fulfillment of peer protocols is 32 zero bytes; the fulfillment check sees to their condition.
    return Promise.resolve({ fulfillment: Buffer.alloc(32), data: configOf(packet.source) });
  };
}

function configOf({ ilpAddress, assetCode, assetScale }: PacketSource): Buffer {
  return Buffer.concat([
    varOctets(Buffer.from(ilpAddress, 'ascii')),
    Buffer.of(assetScale),
    varOctets(Buffer.from(assetCode)),
  ]);
}

/** OER: a length and the bytes; from 128 on the length has a length of its own. */
function varOctets(bytes: Buffer): Buffer {
  const { length } = bytes;
  const prefix = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(prefix), bytes]);
}
