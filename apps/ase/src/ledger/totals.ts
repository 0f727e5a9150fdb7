import type { Database } from './database.ts';
import { LedgerError } from './errors.ts';
import type { Total, TotalIncrement } from './types.ts';

/** Telemetry carries doubles: beyond this a total could not be told exactly. */
export const MAX_TOTAL = 2n ** 53n - 1n;

export function addTotal(db: Database, { quantity, labels, by }: TotalIncrement): void {
  if (by < 0n) throw new LedgerError('invalid_transfer', `Total ${quantity} cannot grow by ${by}`);
  const key = labelsKey(labels);
  const before = db.get<{ value: bigint }>(
    'SELECT value FROM totals WHERE quantity = ? AND labels = ?',
    quantity,
    key,
  );
  const value = (before?.value ?? 0n) + by;
  if (value > MAX_TOTAL) {
    throw new LedgerError(
      'total_overflow',
      `Total ${quantity}${key} would be ${value}; above 2^53 - 1 it cannot be exact`,
    );
  }
  db.run('INSERT OR REPLACE INTO totals (quantity, labels, value) VALUES (?, ?, ?)', quantity, key, value);
}

export function listTotals(db: Pick<Database, 'all'>): Total[] {
  return db
    .all<{ quantity: Total['quantity']; labels: string; value: bigint }>(
      'SELECT quantity, labels, value FROM totals ORDER BY quantity, labels',
    )
    .map((row) => ({ ...row, labels: JSON.parse(row.labels) }));
}

/** The same labels in any order are the same total. */
function labelsKey(labels: Record<string, string>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
}
