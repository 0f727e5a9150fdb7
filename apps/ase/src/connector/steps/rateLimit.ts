import { Errors } from 'ilp-packet';
import type { Step } from '../packet.ts';
import { createTokenBucket } from '../tokenBucket.ts';
import type { Peer } from '../types.ts';

/** How many packets a peer may send a second. */
export function rateLimit({
  peers,
  packetsPerSecond,
  monotonicMs,
}: {
  peers: ReadonlyMap<string, Peer>;
  packetsPerSecond: number;
  monotonicMs: () => number;
}): Step {
  const buckets = new Map(
    [...peers.keys()].map((id) => [id, createTokenBucket(BigInt(packetsPerSecond), monotonicMs)]),
  );
  return (packet, next) => {
    const bucket = buckets.get(packet.source.peerId ?? '');
    if (bucket && !bucket.take(1n)) throw new Errors.RateLimitedError('too many packets');
    return next(packet);
  };
}
