import { ThroughputExceededError } from '../errors.ts';
import type { Step } from '../packet.ts';
import { createTokenBucket } from '../tokenBucket.ts';
import type { Peer } from '../types.ts';

/** How much value a peer may send a second. */
export function throughput({
  peers,
  throughputUnitsPerSecond,
  monotonicMs,
}: {
  peers: ReadonlyMap<string, Peer>;
  throughputUnitsPerSecond: bigint;
  monotonicMs: () => number;
}): Step {
  const buckets = new Map(
    [...peers.keys()].map((id) => [id, createTokenBucket(throughputUnitsPerSecond, monotonicMs)]),
  );
  return (packet, next) => {
    const bucket = buckets.get(packet.source.peerId ?? '');
    // A packet that cannot be fulfilled moves nothing.
    if (bucket && !packet.record.isUnfulfillable && !bucket.take(BigInt(packet.prepare.amount))) {
      throw new ThroughputExceededError('too much value a second');
    }
    return next(packet);
  };
}
