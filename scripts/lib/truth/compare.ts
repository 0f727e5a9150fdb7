import { keyOf, type Quantity, type TruthRow } from './row.ts';

/** A number as one place shows it, in canonical spelling. */
export interface Reading extends Quantity {
  value: string;
}

export interface Readings {
  ledger: readonly Reading[];
  sdk: readonly Reading[];
  /** Left out where the collector is not on the way. */
  collector?: readonly Reading[];
  prometheus: readonly Reading[];
}

/**
 * One row for each number that anybody shows. A row is equal when the ledger and every hop have it and say the
 * same, digit by digit; a number that the ledger does not know is as wrong as one that a hop has lost.
 */
export function compare(readings: Readings): TruthRow[] {
  const rows = new Map<string, TruthRow>();
  const pipeline = (['sdk', 'collector', 'prometheus'] as const).filter((hop) => readings[hop] !== undefined);
  for (const place of ['ledger', ...pipeline] as const) {
    for (const { ase, quantity, labels, value } of readings[place] ?? []) {
      const key = keyOf({ ase, quantity, labels });
      let row = rows.get(key);
      if (!row) {
        row = { quantity, ase, labels, ledger: null, ...NOWHERE, equal: false, where: null };
        rows.set(key, row);
      }
      // The same number twice in one place: two series that should be one.
      row[place] = row[place] === null ? value : `${row[place]} and ${value}`;
    }
  }
  for (const row of rows.values()) {
    row.equal = row.ledger !== null && pipeline.every((hop) => row[hop] === row.ledger);
  }
  return [...rows.values()];
}

const NOWHERE = { sdk: null, collector: null, prometheus: null, panel: null };
