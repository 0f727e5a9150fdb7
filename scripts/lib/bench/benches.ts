import type { Bench } from './bench.ts';
import { COLD } from './cold.ts';
import { MEMORY } from './memory.ts';
import { SEED } from './seed.ts';
import { START } from './start.ts';
import { VISIBILITY } from './visibility.ts';

/** Every bench by its name. */
export const BENCHES = {
  start: START,
  visibility: VISIBILITY,
  seed: SEED,
  memory: MEMORY,
  cold: COLD,
} satisfies Record<string, Bench>;

export type BenchName = keyof typeof BENCHES;

/** Minutes of work for the whole machine: not for somebody who did not ask for it. */
export const NOT_BY_DEFAULT: readonly BenchName[] = ['cold'];
