import type { Books } from './books.ts';
import type { Database } from './database.ts';
import { LedgerError } from './errors.ts';
import type { Total, TotalIncrement } from './types.ts';

/** Telemetry carries doubles: beyond this a total could not be told exactly. */
export const MAX_TOTAL = 2n ** 53n - 1n;

export interface TotalRow {
  quantity: Total['quantity'];
  /** As `labelsKey` writes them. */
  labels: string;
  value: bigint;
}

export function addTotal(books: Books, { quantity, labels, by }: TotalIncrement): void {
  if (by < 0n) throw new LedgerError('invalid_transfer', `Total ${quantity} cannot grow by ${by}`);
  const row = findTotal(books, quantity, labelsKey(labels));
  const value = row.value + by;
  if (value > MAX_TOTAL) {
    throw new LedgerError(
      'total_overflow',
      `Total ${quantity}${row.labels} would be ${value}; above 2^53 - 1 it cannot be exact`,
    );
  }
  books.totalRows.willChange(row);
  row.value = value;
}

export const totalKey = (quantity: string, labels: string): string => `${quantity} ${labels}`;

export function saveTotal(db: Pick<Database, 'run'>, { quantity, labels, value }: TotalRow): void {
  db.run('INSERT OR REPLACE INTO totals (quantity, labels, value) VALUES (?, ?, ?)', quantity, labels, value);
}

export function listTotals(db: Pick<Database, 'all'>): Total[] {
  return db
    .all<{ quantity: Total['quantity']; labels: string; value: bigint }>(
      'SELECT quantity, labels, value FROM totals ORDER BY quantity, labels',
    )
    .map((row) => ({ ...row, labels: JSON.parse(row.labels) }));
}

function findTotal(books: Books, quantity: Total['quantity'], labels: string): TotalRow {
  const known = books.totalRows.get(totalKey(quantity, labels));
  if (known) return known;
  const row = books.get<{ value: bigint }>(
    'SELECT value FROM totals WHERE quantity = ? AND labels = ?',
    quantity,
    labels,
  );
  return books.totalRows.add({ quantity, labels, value: row?.value ?? 0n });
}

/** The same labels in any order are the same total. */
function labelsKey(labels: Record<string, string>): string {
  const names = Object.keys(labels);
  if (names.every((name, i) => i === 0 || names[i - 1]! < name)) return JSON.stringify(labels);
  return JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, labels[name]])));
}
