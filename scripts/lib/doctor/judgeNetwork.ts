import { keyOf, type TruthRow } from '../truth/row.ts';

export interface NetworkVerdict {
  /** What is wrong, in words; undefined when nothing is. */
  why: string | undefined;
  /** Time does not mend it: a counter is ahead of what was told. */
  isHopeless: boolean;
}

type Row = Pick<TruthRow, 'ase' | 'quantity' | 'labels' | 'sdk' | 'collector' | 'prometheus'>;

/**
 * Judges what collectors and Prometheus show of the networks (`shown`) between two looks at what the ASEs told
 * (`sdk` of `before` and `after`): totals only grow, so each must lie between the two.
 */
export function judgeNetwork(
  before: readonly Row[],
  shown: readonly Row[],
  after: readonly Row[],
): NetworkVerdict {
  const shownByKey = new Map(shown.map((row) => [keyOf(row), row]));
  const afterByKey = new Map(after.map((row) => [keyOf(row), row]));
  let behind: string | undefined;
  for (const row of before) {
    const latest = afterByKey.get(keyOf(row))?.sdk ?? row.sdk;
    for (const hop of ['collector', 'prometheus'] as const) {
      const value = shownByKey.get(keyOf(row))?.[hop] ?? null;
      const words = `${row.quantity} of ${row.ase} is ${value ?? 'missing'} at ${PLACES[hop]}, the ASE told ${latest}`;
      if (row.sdk !== null && (value === null || Number(value) < Number(row.sdk))) behind ??= words;
      // Also two values where one belongs.
      else if (row.sdk === null || !(Number(value) <= Number(latest)))
        return { why: words, isHopeless: true };
    }
  }
  return { why: behind, isHopeless: false };
}

const PLACES = { collector: 'the network collectors', prometheus: 'Prometheus' };
