import { z } from 'zod';
import { checkedAmount, published } from './amounts.ts';
import { discreteLaplace } from './discreteLaplace.ts';
import type { Mechanism, PrivacyParameters } from './mechanism.ts';
import { createNoiseTree, type NoiseTree, type NoiseTreeState, nodeScale } from './noiseTree.ts';
import type { RandomSource } from './randomSource.ts';
import { count, integer, laplaceTerms, noiseTree, parseState, savedParameters, total } from './state.ts';
import { nextTotal } from './steadyTotal.ts';
import { deviation, tailBound, withTerms } from './tailBound.ts';

const savedState = z.strictObject({
  version: z.literal(1),
  parameters: savedParameters,
  sum: total,
  packets: count,
  pending: z.strictObject({ sum: total, packets: count }),
  published: total,
  cutOff: total,
  tree: noiseTree,
  earlierNoise: z.strictObject({ sum: integer, terms: laplaceTerms }),
  epsilonSpent: z.number().min(0),
});

/**
 * The exact total, each packet cut to the clip, plus the noise of a tree over the export intervals (noiseTree.ts): all
 * published totals together are ε-differentially private for one packet's amount, and the error grows with a power of
 * the logarithm of time. An interval without packets is not counted as one: that it was empty is public.
 */
export function createContinual(
  parameters: PrivacyParameters,
  state: unknown,
  random: RandomSource,
): Mechanism {
  const { epsilon, clipUnits } = parameters;
  const saved = parseState('continual', savedState, state);

  /** Of the intervals that have ended. */
  let sum = saved?.sum ?? 0n;
  let packets = saved?.packets ?? 0;
  const pending = saved?.pending ?? { sum: 0n, packets: 0 };
  let shown = saved?.published ?? 0n;
  /** What the clip took: never shared, but part of how far the published total is from the truth. */
  let cutOff = saved?.cutOff ?? 0n;
  let earlierNoise = saved?.earlierNoise ?? { sum: 0n, terms: [] };
  let epsilonSpent = saved?.epsilonSpent ?? 0;
  let tree = treeOf(saved?.parameters ?? parameters, random, saved?.tree);

  function endInterval(): number {
    const ended = pending.packets;
    if (ended === 0) return 0;
    sum += pending.sum;
    packets += ended;
    pending.sum = 0n;
    pending.packets = 0;
    tree.advance();
    return ended;
  }

  if (saved && (saved.parameters.epsilon !== epsilon || saved.parameters.clipUnits !== clipUnits)) {
    // What waits was cut to the clip of then, which only the noise of then protects.
    endInterval();
    earlierNoise = {
      sum: earlierNoise.sum + tree.noise(),
      terms: withTerms(earlierNoise.terms, noiseOf(saved.parameters, tree)),
    };
    tree = treeOf(parameters, random);
  }

  const estimate = () => sum + earlierNoise.sum + tree.noise();
  const terms = () => withTerms(earlierNoise.terms, noiseOf(parameters, tree));

  return {
    name: 'continual',
    add(amountUnits) {
      const above = checkedAmount(amountUnits) > clipUnits ? amountUnits - clipUnits : 0n;
      cutOff += above;
      pending.sum += amountUnits - above;
      pending.packets++;
      epsilonSpent = Math.max(epsilonSpent, epsilon);
    },
    release() {
      const ended = endInterval();
      if (ended === 0) return shown;
      shown = published(
        nextTotal({
          publishedUnits: shown,
          estimateUnits: estimate(),
          deviationUnits: deviation(terms()),
          packets: ended,
          packetsSoFar: packets,
        }),
      );
      return shown;
    },
    errorBound(failureProbability) {
      const known = shown - estimate() - pending.sum - cutOff;
      return (known < 0n ? -known : known) + tailBound(terms(), 0, failureProbability);
    },
    epsilonSpent: () => epsilonSpent,
    state: () => ({
      version: 1,
      parameters: { epsilon, clipUnits: `${clipUnits}` },
      sum: `${sum}`,
      packets,
      pending: { sum: `${pending.sum}`, packets: pending.packets },
      published: `${shown}`,
      cutOff: `${cutOff}`,
      tree: asText(tree.state()),
      earlierNoise: { sum: `${earlierNoise.sum}`, terms: earlierNoise.terms },
      epsilonSpent,
    }),
  };
}

function treeOf({ epsilon, clipUnits }: PrivacyParameters, random: RandomSource, from?: NoiseTreeState) {
  const scale = nodeScale(clipUnits, epsilon);
  return createNoiseTree(() => discreteLaplace(random, scale), from);
}

function noiseOf({ epsilon, clipUnits }: PrivacyParameters, tree: NoiseTree) {
  const { numerator, denominator } = nodeScale(clipUnits, epsilon);
  return { scale: numerator / denominator, count: tree.terms() };
}

function asText({ levels, trees }: NoiseTreeState) {
  return {
    levels: levels.map(({ digit, noise }) => ({ digit, noise: noise.map(String) })),
    trees: { count: trees.count, noise: `${trees.noise}` },
  };
}
