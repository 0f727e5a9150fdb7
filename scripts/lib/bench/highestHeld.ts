/** How far apart a rate that was held and one that was not may be in the end. */
const CLOSE_ENOUGH = 1.1;
const CLIMB = 1.5;

export interface HeldRange {
  /** Whole, at least 1. */
  from: number;
  /** Never tried above it. */
  most: number;
}

/**
 * The highest rate at which `isHeld` says yes, to within a tenth of it: climbs until one is not held, then halves the
 * distance. 0 when not even a rate of 1 is held.
 */
export async function highestHeld(
  isHeld: (rate: number) => Promise<boolean>,
  { from, most }: HeldRange,
): Promise<number> {
  let held = 0;
  let lost = most + 1;
  for (let rate = from; rate < lost; rate = Math.min(Math.ceil(rate * CLIMB), most)) {
    if (!(await isHeld(rate))) lost = rate;
    else if (rate === most) return most;
    else held = rate;
  }
  while (lost - held > 1 && lost > held * CLOSE_ENOUGH) {
    const rate = Math.floor((held + lost) / 2);
    if (await isHeld(rate)) held = rate;
    else lost = rate;
  }
  return held;
}
