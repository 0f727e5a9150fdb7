import type { MetricName } from '../../telemetry/catalogue.ts';
import type { Window } from './windows.ts';

/** One number that the ledger knows, as a board shows it. */
export interface AssertedCell {
  boardUid: string;
  /** As rendered: unique on its board, with the ASE's name where the panel is repeated. */
  panelTitle: string;
  /** The only text of the panel, or one cell of its table: the row in which these columns say so. */
  place: 'panel' | { row: Record<string, string>; column: string };
  value: Formula;
}

/** What the ledger of one ASE says: a counter's growth in a window, its lifetime total, or a gauge now (`total`). */
export interface Reading {
  instance: string;
  quantity: MetricName;
  labels: Record<string, string>;
  window: Window;
}

export type Formula =
  | { kind: 'sum'; of: Reading[] }
  | { kind: 'average'; total: Reading; count: Reading }
  | { kind: 'ratio'; part: Reading[]; whole: Reading[] };

/** The ASEs of a running playground, as far as a board shows them. */
export interface Topology {
  ases: { name: string; asset: string; peers: { id: string; asset: string }[] }[];
}

export const NO_PAYMENTS = 'no payments';
export const NO_PACKETS = 'no packets';
/** Decimals of ratios. */
export const RATIO_DECIMALS = 1;

/**
 * The exact text that Grafana and the built-in viewer render for a cell. Unit `none` with 0 decimals prints the
 * digits alone, without separators; an average is rounded to the nearest unit, halves up, with doubles as in
 * Prometheus; a ratio is a percentage with one decimal.
 */
export function expectedText(cell: AssertedCell, read: (reading: Reading) => bigint): string {
  const sum = (readings: Reading[]) => readings.reduce((total, reading) => total + read(reading), 0n);
  const { value } = cell;
  switch (value.kind) {
    case 'sum':
      return sum(value.of).toString();
    case 'average': {
      const count = read(value.count);
      if (count === 0n) return NO_PAYMENTS;
      return String(Math.floor(Number(read(value.total)) / Number(count) + 0.5));
    }
    case 'ratio': {
      const whole = sum(value.whole);
      const nothing = value.whole[0]?.quantity === 'payments_total' ? NO_PAYMENTS : NO_PACKETS;
      return whole === 0n ? nothing : percent(Number(sum(value.part)) / Number(whole));
    }
  }
}

/** Unit `percentunit` with one decimal, computed in Grafana's order so that halves round alike. */
function percent(ratio: number): string {
  const factor = 10 ** RATIO_DECIMALS;
  return `${(Math.round(100 * ratio * factor) / factor).toFixed(RATIO_DECIMALS)}%`;
}
