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

export function range(values: readonly number[]): { min: number; max: number } {
  const sorted = sort(values);
  return { min: sorted[0]!, max: sorted.at(-1)! };
}

function sort(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('there is nothing to look at');
  return values.toSorted((a, b) => a - b);
}
