/** A count that somebody saw change: from this time on they saw at least `count`. */
export interface Sighting {
  atMs: number;
  count: number;
}

/**
 * How long each of the events stayed unseen. Events and sightings have one clock; the first event is the one that
 * brings the count to `before` + 1, and so on in the order of their times.
 * @returns milliseconds, in the order of the events' times
 * @throws RangeError when an event was never seen
 */
export function visibleAfter(
  eventsMs: readonly number[],
  sightings: readonly Sighting[],
  before: number,
): number[] {
  return eventsMs
    .toSorted((a, b) => a - b)
    .map((eventMs, i) => {
      const seen = sightings.find(({ count }) => count >= before + i + 1);
      if (!seen) throw new RangeError(`event ${i + 1} of ${eventsMs.length} was never seen`);
      return seen.atMs - eventMs;
    });
}

/** How many of `startsMs` came after the event and not after it was seen; all in Unix milliseconds. */
export const startsBetween = (startsMs: readonly number[], eventMs: number, seenMs: number): number =>
  startsMs.filter((startMs) => startMs > eventMs && startMs <= seenMs).length;
