import type { Unit } from './figure.ts';

/** Something that is measured beside its baseline, in rounds. */
export interface Bench {
  /** What is measured, in one line. */
  summary: string;
  /** What it is compared with. */
  baseline: string;
  defaultRounds: number;
  /** Gives at least one figure; the first is the one that the bench is named after. */
  run(context: BenchContext): Promise<Measured[]>;
}

/** Something whose figures are a table, not a time beside another. */
export interface RowsBench extends Pick<Bench, 'summary' | 'baseline' | 'defaultRounds'> {
  tabulate(context: BenchContext): Promise<{ report: { rows: readonly object[] }; text: string }>;
}

export interface BenchContext {
  rounds: number;
  /** What was measured goes into the repository's pages. */
  write?: boolean;
  say(line: string): void;
  signal: AbortSignal;
}

/** What the rounds gave for one figure, in the order in which they were run. */
export interface Measured {
  name: string;
  unit: Unit;
  ours: readonly number[];
  /** Empty when there is nothing to compare with. */
  baseline: readonly number[];
  /** What is to be reached: at most this, or at least this for a rate. */
  goal?: number;
}

/**
 * Runs the two in turn, and the other one first in every second round, so that neither always finds the machine
 * as the other left it.
 */
export async function alternate<O, B>(
  { rounds, say, signal }: BenchContext,
  ours: (round: number) => Promise<O>,
  baseline: (round: number) => Promise<B>,
): Promise<{ ours: O[]; baseline: B[] }> {
  const results: { ours: O[]; baseline: B[] } = { ours: [], baseline: [] };
  const sides = [
    async (round: number) => void results.ours.push(await ours(round)),
    async (round: number) => void results.baseline.push(await baseline(round)),
  ];
  for (let round = 1; round <= rounds; round++) {
    for (const side of round % 2 === 1 ? sides : sides.toReversed()) {
      signal.throwIfAborted();
      await side(round);
    }
    say(`  round ${round} of ${rounds}`);
  }
  return results;
}
