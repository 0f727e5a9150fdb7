/** A measurement that can be drawn as a point and followed. */
export interface Exemplar {
  timeMs: number;
  value: number;
  traceId: string;
  labels: Record<string, string>;
}

/**
 * The highest, each at least so far from the next: points that lie upon each other could not be followed, and the slow
 * ones are looked for. In order of time.
 */
export function highestApart(exemplars: readonly Exemplar[], apartMs: number): Exemplar[] {
  const shown: Exemplar[] = [];
  for (const one of exemplars.toSorted((a, b) => b.value - a.value)) {
    if (shown.every(({ timeMs }) => Math.abs(timeMs - one.timeMs) >= apartMs)) shown.push(one);
  }
  return shown.sort((a, b) => a.timeMs - b.timeMs);
}
