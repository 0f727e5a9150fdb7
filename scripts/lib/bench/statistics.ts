/** The middle value; of an even number of them the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = sort(values);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The smallest of the values that at least `percent` of them do not exceed (nearest rank): always one that was
 * measured, never one that was interpolated.
 * @param percent above 0, at most 100
 */
export function percentile(values: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`${percent} is no percentage`);
  const sorted = sort(values);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1]!;
}

/**
 * Where the median of all rounds that could have been run lies, with at least this certainty, whatever their
 * distribution: the measured values that so many rounds below and above the median would have to be passed by chance
 * (order statistics, the sign test's interval). Undefined when there are too few to say, for 95 % fewer than 6.
 * @param certainty above 0, below 1
 */
export function medianInterval(
  values: readonly number[],
  certainty = 0.95,
): { min: number; max: number } | undefined {
  if (!(certainty > 0 && certainty < 1)) throw new RangeError(`${certainty} is no certainty`);
  const sorted = sort(values);
  const rounds = sorted.length;
  // ln of the probability that exactly `below` of the rounds are below the median.
  let logProbability = -rounds * Math.LN2;
  let tail = 0;
  let below = 0;
  for (; below < rounds / 2; below++) {
    tail += Math.exp(logProbability);
    if (2 * tail > 1 - certainty) break;
    logProbability += Math.log((rounds - below) / (below + 1));
  }
  return below === 0 ? undefined : { min: sorted[below - 1]!, max: sorted[rounds - below]! };
}

export function range(values: readonly number[]): { min: number; max: number } {
  const sorted = sort(values);
  return { min: sorted[0]!, max: sorted.at(-1)! };
}

function sort(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('there is nothing to look at');
  return values.toSorted((a, b) => a - b);
}
