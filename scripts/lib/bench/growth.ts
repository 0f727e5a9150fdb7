import { median } from './statistics.ts';

/** A number that was looked at again and again. */
export interface Sample {
  /** After the beginning. */
  atMs: number;
  value: number;
}

export interface Edges {
  start: number;
  end: number;
  growthPercent: number;
}

/**
 * How far a number has moved: the median of a while after the warm-up, and of as long a while at the end.
 * @throws RangeError when there is no sample in one of the two, or the first is not above 0
 */
export function growthOf(
  samples: readonly Sample[],
  { warmUpMs, windowMs }: { warmUpMs: number; windowMs: number },
): Edges {
  const lastMs = samples.at(-1)?.atMs ?? 0;
  const between = (fromMs: number, toMs: number) =>
    median(samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).map(({ value }) => value));
  const start = between(warmUpMs, warmUpMs + windowMs);
  const end = between(lastMs - windowMs, lastMs);
  if (!(start > 0)) throw new RangeError(`growth from ${start} says nothing`);
  return { start, end, growthPercent: (end / start - 1) * 100 };
}
