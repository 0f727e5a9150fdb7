import { z } from 'zod';
import { checkedAmount, published } from './amounts.ts';
import { roundAtRandom } from './buckets.ts';
import { discreteLaplace, noiseScale } from './discreteLaplace.ts';
import type { Mechanism, PrivacyParameters } from './mechanism.ts';
import type { RandomSource } from './randomSource.ts';
import { count, integer, laplaceTerms, parseState, savedParameters, total } from './state.ts';
import { tailBound, withTerms } from './tailBound.ts';

const savedState = z.strictObject({
  version: z.literal(1),
  parameters: savedParameters,
  noisy: integer,
  published: total,
  cutOff: total,
  packets: count,
  squaredWidths: z.number().min(0),
  earlierNoise: laplaceTerms,
  epsilonSpent: z.number().min(0),
});

/**
 * Each packet's amount is cut to the clip, rounded at random to a bucket edge so that the expectation stays, and gets
 * discrete Laplace noise of scale clip / ε: ε-local differential privacy, whatever the amount. The sum of what comes
 * out is an unbiased estimate. It can fall, and then the published total stands still until the debt is paid.
 */
export function createUnbiased(
  { epsilon, clipUnits }: PrivacyParameters,
  state: unknown,
  random: RandomSource,
): Mechanism {
  const saved = parseState('unbiased', savedState, state);
  const clip = Number(clipUnits);
  const scale = noiseScale(clipUnits, epsilon);
  const goesOn = saved?.parameters.epsilon === epsilon && saved.parameters.clipUnits === clipUnits;

  /** What the packets became, summed. */
  let noisy = saved?.noisy ?? 0n;
  let shown = saved?.published ?? 0n;
  /** What the clip took: never shared, but part of how far the published total is from the truth. */
  let cutOff = saved?.cutOff ?? 0n;
  let packets = goesOn ? saved.packets : 0;
  let squaredWidths = saved?.squaredWidths ?? 0;
  let epsilonSpent = saved?.epsilonSpent ?? 0;
  let earlierNoise = saved?.earlierNoise ?? [];
  if (saved && !goesOn) {
    earlierNoise = withTerms(earlierNoise, noiseOf(saved.parameters, saved.packets));
  }

  return {
    name: 'unbiased',
    add(amountUnits) {
      const value = Math.min(Number(checkedAmount(amountUnits)), clip);
      const { rounded, width } = roundAtRandom(random, value, clip);
      noisy += BigInt(rounded) + discreteLaplace(random, scale);
      cutOff += amountUnits > clipUnits ? amountUnits - clipUnits : 0n;
      squaredWidths += width * width;
      packets++;
      epsilonSpent = Math.max(epsilonSpent, epsilon);
    },
    release() {
      const next = published(noisy);
      if (next > shown) shown = next;
      return shown;
    },
    errorBound(failureProbability) {
      const terms = withTerms(earlierNoise, noiseOf({ epsilon, clipUnits }, packets));
      const known = shown - noisy - cutOff;
      return (known < 0n ? -known : known) + tailBound(terms, squaredWidths, failureProbability);
    },
    epsilonSpent: () => epsilonSpent,
    state: () => ({
      version: 1,
      parameters: { epsilon, clipUnits: `${clipUnits}` },
      noisy: `${noisy}`,
      published: `${shown}`,
      cutOff: `${cutOff}`,
      packets,
      squaredWidths,
      earlierNoise,
      epsilonSpent,
    }),
  };
}

/** One value of noise a packet. */
function noiseOf({ epsilon, clipUnits }: PrivacyParameters, packets: number) {
  return { scale: Number(clipUnits) / epsilon, count: packets };
}
