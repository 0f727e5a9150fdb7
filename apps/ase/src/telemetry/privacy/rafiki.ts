import { z } from 'zod';
import { checkedAmount, published } from './amounts.ts';
import { bucketSize, roundToBucket } from './buckets.ts';
import type { Mechanism } from './mechanism.ts';
import type { RandomSource } from './randomSource.ts';
import { parseState, total } from './state.ts';

const savedState = z.strictObject({ version: z.literal(1), total });

/**
 * What Rafiki shares today, to compare with: each amount goes to its bucket, then gets Laplace noise that is scaled
 * by the rounded amount itself. Because of that no ε holds, and rounding moves the total without bound.
 */
export function createRafiki(state: unknown, random: RandomSource): Mechanism {
  let sum = parseState('rafiki', savedState, state)?.total ?? 0n;
  return {
    name: 'rafiki',
    add(amountUnits) {
      const shared = treat(Number(checkedAmount(amountUnits)), random);
      // The counter of OpenTelemetry drops what is below 0, and so the network never hears of it.
      if (shared > 0) sum += BigInt(shared);
    },
    release: () => published(sum),
    errorBound: () => undefined,
    epsilonSpent: () => Number.POSITIVE_INFINITY,
    state: () => ({ version: 1, total: `${sum}` }),
  };
}

function treat(value: number, random: RandomSource): number {
  const bucket = bucketSize(value);
  const rounded = roundToBucket(value);
  const noise = laplace(0.1 * Math.max(rounded / 10, bucket), random);
  const noisy = rounded + Math.round(noise);
  return noisy === 0 ? bucket / 2 : noisy;
}

/** In floats, as Rafiki does it: what protects more is in discreteLaplace.ts. */
function laplace(scale: number, random: RandomSource): number {
  const uniform = ((random.uint32() >>> 5) * 2 ** 26 + (random.uint32() >>> 6)) / 2 ** 53 - 0.5;
  return -scale * Math.sign(uniform) * Math.log(1 - 2 * Math.abs(uniform));
}
