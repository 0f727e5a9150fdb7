import type { RandomSource } from './randomSource.ts';
import { integerBelow } from './uniform.ts';

/** Rafiki's buckets (its packages/backend/src/telemetry/privacy.ts), in base units. */
const BASE = 2;
const SCALE = 5000;
/** From here on the buckets grow. */
const THRESHOLD = 20_000;
const MIN_BUCKET = 2500;
const MAX_BUCKET = 10_000_000;

/** How wide the bucket of a value is in Rafiki. Floats, as there, so that both agree in every bit. */
export function bucketSize(value: number): number {
  const size =
    value < THRESHOLD
      ? Math.round(value / SCALE) * SCALE
      : BASE ** Math.ceil(Math.log(value / SCALE) / Math.log(BASE)) * SCALE;
  return Math.min(Math.max(size, MIN_BUCKET), MAX_BUCKET);
}

/**
 * What Rafiki makes of a value before it adds noise: a multiple of the bucket, at least half a bucket.
 * @param maxValue what is above it is cut off. Rafiki's code has its largest bucket here; the table of the Telemetry
 *   Tale comes out with 100 000 000
 */
export function roundToBucket(value: number, maxValue: number = MAX_BUCKET): number {
  const bucket = bucketSize(value);
  const clipped = Math.min(Math.max(value, MIN_BUCKET), maxValue);
  const below = Math.floor(clipped / bucket) * bucket;
  const above = Math.ceil(clipped / bucket) * bucket;
  return Math.max(clipped <= (below + above) / 2 ? below : above, bucket / 2);
}

/**
 * One of the two bucket edges beside the value, so that the expectation is the value. Exact.
 * @param valueUnits from 1 to `clipUnits`
 * @param clipUnits the last edge
 * @returns with how far the edges are apart, 0 for a value that needs no rounding
 */
export function roundAtRandom(
  random: RandomSource,
  valueUnits: number,
  clipUnits: number,
): { rounded: number; width: number } {
  const { lower, upper } = edgesAround(valueUnits, clipUnits);
  if (valueUnits === upper) return { rounded: upper, width: 0 };
  const width = upper - lower;
  return { rounded: integerBelow(random, width) < valueUnits - lower ? upper : lower, width };
}

/**
 * The neighbouring edges with lower < value ≤ upper: 0, the values that Rafiki rounds to (2500, 5000, 10 000, 15 000,
 * 20 000, then twice the one before, 10 000 000 the last), on in steps of the largest bucket, and the clip.
 * @param valueUnits from 1 to `clipUnits`
 */
export function edgesAround(valueUnits: number, clipUnits: number): { lower: number; upper: number } {
  const { lower, upper } = rafikiEdges(valueUnits);
  return { lower, upper: Math.min(upper, clipUnits) };
}

function rafikiEdges(value: number): { lower: number; upper: number } {
  if (value <= MIN_BUCKET) return { lower: 0, upper: MIN_BUCKET };
  if (value <= SCALE) return { lower: MIN_BUCKET, upper: SCALE };
  if (value <= THRESHOLD) return stepsOf(SCALE, value);
  if (value > MAX_BUCKET) return stepsOf(MAX_BUCKET, value);
  let upper = THRESHOLD;
  while (upper < value) upper *= BASE;
  return { lower: upper / BASE, upper: Math.min(upper, MAX_BUCKET) };
}

function stepsOf(step: number, value: number): { lower: number; upper: number } {
  const upper = Math.ceil(value / step) * step;
  return { lower: upper - step, upper };
}
