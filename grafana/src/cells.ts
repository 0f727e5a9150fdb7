import type { MetricName } from '../../telemetry/catalogue.ts';
import { BASE_ASSET, type NetworkCounter, type NetworkName } from '../../telemetry/networkCatalogue.ts';
import type { Window } from './windows.ts';
import type { NO_PACKETS, NO_PAYMENTS, NO_SETTLEMENTS, NO_TRANSACTIONS } from './words.ts';

/** One number that the ledger knows, as a board shows it. */
export interface AssertedCell {
  boardUid: string;
  /** As rendered: unique on its board, with the ASE's name where the panel is repeated. */
  panelTitle: string;
  /** The whole text of the panel, or one cell of its table: the row in which these columns say so. */
  place: 'panel' | { row: Record<string, string>; column: string };
  value: Formula;
  /** Base units, shown in dollars with so many decimals. */
  dollarDecimals?: number;
  /** Values of variables that are not the ones the board opens with. */
  variables?: Record<string, string>;
}

/**
 * What the ledger of one ASE says: a counter's growth in a window or its lifetime total; a gauge as it stands (`total`).
 * Of what an ASE tells its network it is what was told, which a privacy mechanism may have changed.
 */
export interface Reading {
  instance: string;
  quantity: MetricName | NetworkCounter;
  labels: Record<string, string>;
  window: Window;
}

export type Formula =
  | { kind: 'sum'; of: Reading[] }
  | {
      kind: 'average';
      total: Reading[];
      count: Reading[];
      none: typeof NO_PAYMENTS | typeof NO_TRANSACTIONS;
    }
  | {
      kind: 'ratio';
      part: Reading[];
      whole: Reading[];
      none: typeof NO_PAYMENTS | typeof NO_PACKETS | typeof NO_SETTLEMENTS;
    };

/** The ASEs of a running playground, as far as a board shows them. */
export type ShownAses = readonly ShownAse[];
export interface ShownAse {
  name: string;
  assetCode: string;
  peers: readonly { id: string; assetCode: string }[];
  /** The network that it tells; left out when it tells none. */
  network?: NetworkName;
}

/** Of ratios: one decimal of a percentage. */
export const RATIO_DECIMALS = 1;
/** Cents where a number is read, all of the base currency's scale where it is compared. */
export const DOLLAR_DECIMALS = { short: 2, exact: BASE_ASSET.assetScale } as const;

/**
 * The exact text that Grafana and the built-in viewer render for a cell. Unit `none` with 0 decimals prints the
 * digits alone, without separators; dollars have them, as in English; an average is rounded to the nearest unit, halves up, as doubles are; a ratio
 * is a percentage with one decimal. Ledger totals stay below 2^53, so no digit is lost on the way.
 */
export function expectedText(
  { value, dollarDecimals }: AssertedCell,
  read: (reading: Reading) => bigint,
): string {
  const sum = (readings: Reading[]) => readings.reduce((total, reading) => total + read(reading), 0n);
  switch (value.kind) {
    case 'sum':
      return dollarDecimals === undefined
        ? sum(value.of).toString()
        : dollars(toDollars(sum(value.of)), dollarDecimals);
    case 'average': {
      const [count, total] = [sum(value.count), sum(value.total)];
      if (count === 0n) return value.none;
      return dollarDecimals === undefined
        ? rounded(Number(total) / Number(count), 0)
        : dollars(toDollars(total) / Number(count), dollarDecimals);
    }
    case 'ratio': {
      const whole = sum(value.whole);
      if (whole === 0n) return value.none;
      return `${rounded(100 * (Number(sum(value.part)) / Number(whole)), RATIO_DECIMALS)}%`;
    }
  }
}

/** As the queries do: one division of what may be a sum. */
function toDollars(units: bigint): number {
  return Number(units) / 10 ** BASE_ASSET.assetScale;
}

/** What Grafana's unit `currency:financial:$` shows in a browser that speaks English. */
function dollars(value: number, decimals: number): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return `$${new Intl.NumberFormat('en-US', digits).format(value)}`;
}

/** In the order in which Grafana computes, so that halves fall to the same side. */
function rounded(value: number, decimals: number): string {
  const factor = 10 ** decimals;
  return (Math.round(value * factor) / factor).toFixed(decimals);
}

/** How most boards say where their numbers stand. */
export function cellsOn(boardUid: string) {
  return {
    /** A number that is the whole text of a panel. */
    whole: (panelTitle: string, value: Formula): AssertedCell => ({
      boardUid,
      panelTitle,
      place: 'panel',
      value,
    }),
    /** One number of one ASE in its table. */
    inTable: (
      title: (ase: string) => string,
      row: Record<string, string>,
      column: string,
      reading: Reading,
    ): AssertedCell => ({
      boardUid,
      panelTitle: title(reading.instance),
      place: { row, column },
      value: { kind: 'sum', of: [reading] },
    }),
  };
}

/** What each ASE counted in the last hour. */
export const inLastHour = (
  ases: ShownAses,
  quantity: MetricName,
  labels: Record<string, string>,
): Reading[] => ases.map(({ name }) => ({ instance: name, quantity, labels, window: '1h' }));
