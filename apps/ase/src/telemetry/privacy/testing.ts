import type { RandomSource } from './randomSource.ts';

/** How often a test of randomness may fail by chance. All but one have a fixed seed and so fail always or never. */
export const FAILURE_PROBABILITY = 1e-9;

/** Gives the numbers in turn, again and again. */
export function scriptedRandom(numbers: readonly number[]): RandomSource {
  let next = 0;
  return { uint32: () => numbers[next++ % numbers.length]! };
}

/**
 * What Pearson's statistic over so many cells stays below but for `failureProbability`, if the counts are as expected:
 * Chernoff's bound of the chi-square distribution. Each cell should expect some tens at least.
 */
export function chiSquareLimit(cells: number, failureProbability: number): number {
  const degrees = cells - 1;
  const exponent = (x: number) => (x - degrees - degrees * Math.log(x / degrees)) / 2;
  return bisect(degrees, degrees * 100 + 1000, (x) => exponent(x) < -Math.log(failureProbability));
}

/** Pearson's statistic. */
export function chiSquare(observed: readonly number[], expected: readonly number[]): number {
  return observed.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);
}

/**
 * The lowest ε that the counts of one event under two neighbouring inputs leave possible: its true value is at least
 * this but for `failureProbability`, by Clopper and Pearson's exact limits for either probability.
 */
export function epsilonAtLeast(
  { likely, unlikely, runs }: { likely: number; unlikely: number; runs: number },
  failureProbability: number,
): number {
  const lowest = lowestProbability(likely, runs, failureProbability / 2);
  const highest = 1 - lowestProbability(runs - unlikely, runs, failureProbability / 2);
  return Math.log(lowest / highest);
}

/** The probability p for which `successes` or more in so many runs have exactly the probability `failureProbability`. */
function lowestProbability(successes: number, runs: number, failureProbability: number): number {
  if (successes === 0) return 0;
  const logs = logFactorials(runs);
  const tail = (p: number) => {
    let sum = 0;
    for (let k = successes; k <= runs; k++) {
      const choose = logs[runs]! - logs[k]! - logs[runs - k]!;
      const term = Math.exp(choose + k * Math.log(p) + (runs - k) * Math.log1p(-p));
      sum += term;
      if (term < sum * 1e-17) break;
    }
    return sum;
  };
  return bisect(0, successes / runs, (p) => tail(p) < failureProbability);
}

function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let k = 1; k <= n; k++) logs[k] = logs[k - 1]! + Math.log(k);
  return logs;
}

/** Where `isBelow` turns from true to false. */
function bisect(from: number, to: number, isBelow: (x: number) => boolean): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return low;
}
