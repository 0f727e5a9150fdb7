import { BACKFILL } from './backfill.ts';
import type { Bench, RowsBench } from './bench.ts';
import { BOARDS } from './boardLoad.ts';
import { COLD } from './cold.ts';
import { LATENCY } from './latency.ts';
import { MEMORY } from './memory.ts';
import { NETWORK } from './network.ts';
import { PACKETS } from './packets.ts';
import { PAYMENTS } from './payments.ts';
import { PRIVACY } from './privacy.ts';
import { SCALE } from './scale/scale.ts';
import { SEED } from './seed.ts';
import { SOAK } from './soak.ts';
import { START } from './start.ts';
import { TRACING } from './tracing.ts';
import { VISIBILITY } from './visibility.ts';

/** Every bench by its name. */
export const BENCHES = {
  start: START,
  boards: BOARDS,
  visibility: VISIBILITY,
  seed: SEED,
  backfill: BACKFILL,
  memory: MEMORY,
  payments: PAYMENTS,
  packets: PACKETS,
  latency: LATENCY,
  network: NETWORK,
  tracing: TRACING,
  soak: SOAK,
  cold: COLD,
  privacy: PRIVACY,
  scale: SCALE,
} satisfies Record<string, Bench | RowsBench>;

export type BenchName = keyof typeof BENCHES;

/** Minutes or an hour of work for the whole machine, or nothing that a machine changes: only for somebody who asks for it. */
export const NOT_BY_DEFAULT: readonly BenchName[] = ['soak', 'cold', 'privacy', 'scale'];
