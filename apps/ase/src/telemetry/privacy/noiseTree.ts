import { type NoiseScale, noiseScale } from './discreteLaplace.ts';

/** Children of a node; odd. 19 gives the smallest mean squared error for long streams, by the paper below. */
const ARITY = 19;
export const HALF = (ARITY - 1) / 2;
/** Levels above the single intervals but below whole trees have digits; the trees themselves are only added. */
export const DIGITS = 4;
/** Nodes that an interval lies in: the part of ε that each of them may have is one of so many. */
const LEVELS = DIGITS + 1;

export interface NoiseTreeState {
  /** From the single intervals up: the balanced digit and the noise of as many nodes as it says. */
  levels: { digit: number; noise: bigint[] }[];
  trees: { count: number; noise: bigint };
}

/**
 * The noise of a running total that is released after each interval, by the k-ary tree with subtraction (Andersson,
 * Pagh, Steiner and Torkamani, "Count on Your Elders", 2025), which has an eighth of the variance of the binary tree
 * of Dwork et al. and of Chan et al. (both 2010) for long streams.
 *
 * Each node of the tree stands for the sum of its intervals and has noise of its own. A prefix of intervals is
 * written with digits from −9 to 9: so many nodes of each level, added, or taken from the node above them, which is
 * cheaper from the middle on. A node's noise is drawn when it is needed for the first time and forgotten when no later
 * prefix can need it, so that at most 9 values a level are kept.
 *
 * A tree is 19^4 intervals long. Of one that has ended, one value of noise stays for good and the next tree begins: an
 * interval lies in one tree only, so that no ε is added, and the variance grows by one value in 130 321 intervals.
 */
export interface NoiseTree {
  /** The sum of the noise in the prefix so far. */
  noise(): bigint;
  /** How many independent values are summed in it. */
  terms(): number;
  /** Goes to the prefix with one interval more. */
  advance(): void;
  state(): NoiseTreeState;
}

/** The scale of each node's noise, so that all nodes of one interval together cost ε. */
export function nodeScale(clipUnits: bigint, epsilon: number): NoiseScale {
  return noiseScale(clipUnits * BigInt(LEVELS), epsilon);
}

/** @param draw gives the noise of one node, of nodeScale() */
export function createNoiseTree(
  draw: () => bigint,
  { levels, trees }: NoiseTreeState = emptyTree(),
): NoiseTree {
  const advance = (level: number): void => {
    const here = levels[level];
    if (!here) {
      trees = { count: trees.count + 1, noise: trees.noise + draw() };
    } else if (here.digit < 0) {
      here.noise.shift();
      here.digit++;
    } else if (here.digit < HALF) {
      here.noise.push(draw());
      here.digit++;
    } else {
      // Past the middle: the node above, less those that are still to come.
      here.noise = Array.from({ length: HALF }, draw);
      here.digit = -HALF;
      advance(level + 1);
    }
  };

  return {
    noise() {
      let sum = trees.noise;
      for (const { digit, noise } of levels) {
        for (const value of noise) sum += digit < 0 ? -value : value;
      }
      return sum;
    },
    terms: () => levels.reduce((sum, { noise }) => sum + noise.length, trees.count),
    advance: () => advance(0),
    state: () => ({ levels: levels.map(({ digit, noise }) => ({ digit, noise: [...noise] })), trees }),
  };
}

function emptyTree(): NoiseTreeState {
  return {
    levels: Array.from({ length: DIGITS }, () => ({ digit: 0, noise: [] })),
    trees: { count: 0, noise: 0n },
  };
}
