import type { MetricName } from '../../telemetry/catalogue.ts';
import type { Window } from './windows.ts';
import { type NO_PACKETS, NO_PAYMENTS } from './words.ts';

/** One number that the ledger knows, as a board shows it. */
export interface AssertedCell {
  boardUid: string;
  /** As rendered: unique on its board, with the ASE's name where the panel is repeated. */
  panelTitle: string;
  /** The whole text of the panel, or one cell of its table: the row in which these columns say so. */
  place: 'panel' | { row: Record<string, string>; column: string };
  value: Formula;
}

/** What the ledger of one ASE says: a counter's growth in a window or its lifetime total; a gauge as it stands (`total`). */
export interface Reading {
  instance: string;
  quantity: MetricName;
  labels: Record<string, string>;
  window: Window;
}

export type Formula =
  | { kind: 'sum'; of: Reading[] }
  | { kind: 'average'; total: Reading; count: Reading }
  | { kind: 'ratio'; part: Reading[]; whole: Reading[]; none: typeof NO_PAYMENTS | typeof NO_PACKETS };

/** The ASEs of a running playground, as far as a board shows them. */
export type ShownAses = readonly ShownAse[];
export interface ShownAse {
  name: string;
  assetCode: string;
  peers: readonly { id: string; assetCode: string }[];
}

/** Of ratios: one decimal of a percentage. */
export const RATIO_DECIMALS = 1;

/**
 * The exact text that Grafana and the built-in viewer render for a cell. Unit `none` with 0 decimals prints the
 * digits alone, without separators; an average is rounded to the nearest unit, halves up, as doubles are; a ratio
 * is a percentage with one decimal. Ledger totals stay below 2^53, so no digit is lost on the way.
 */
export function expectedText({ value }: AssertedCell, read: (reading: Reading) => bigint): string {
  const sum = (readings: Reading[]) => readings.reduce((total, reading) => total + read(reading), 0n);
  switch (value.kind) {
    case 'sum':
      return sum(value.of).toString();
    case 'average': {
      const count = read(value.count);
      return count === 0n ? NO_PAYMENTS : rounded(Number(read(value.total)) / Number(count), 0);
    }
    case 'ratio': {
      const whole = sum(value.whole);
      if (whole === 0n) return value.none;
      return `${rounded(100 * (Number(sum(value.part)) / Number(whole)), RATIO_DECIMALS)}%`;
    }
  }
}

/** In the order in which Grafana computes, so that halves fall to the same side. */
function rounded(value: number, decimals: number): string {
  const factor = 10 ** decimals;
  return (Math.round(value * factor) / factor).toFixed(decimals);
}
