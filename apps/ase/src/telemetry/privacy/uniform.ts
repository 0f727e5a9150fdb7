import type { RandomSource } from './randomSource.ts';

const WORD = 2 ** 32;
const MAX = 2 ** 53;

/**
 * A whole number from 0 to below `limit`, each exactly as likely: what would make some likelier is drawn again.
 * @param limit a whole number from 1 to 2^53 − 1
 */
export function integerBelow(random: RandomSource, limit: number): number {
  if (limit <= WORD) {
    const fair = WORD - (WORD % limit);
    for (;;) {
      const drawn = random.uint32();
      if (drawn < fair) return drawn % limit;
    }
  }
  const fair = MAX - (MAX % limit);
  for (;;) {
    const drawn = (random.uint32() >>> 11) * WORD + random.uint32();
    if (drawn < fair) return drawn % limit;
  }
}
