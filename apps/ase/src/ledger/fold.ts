import type { Database } from './database.ts';

const BATCH = 2_000;

/**
 * Keeps the file bounded: of finished transfers only the newest `keep` stay. What older ones moved is added to
 * their accounts' folded sums, so balances and the audit stay exact. Pending transfers stay whatever their age.
 * A call folds a bounded batch, because the commits of packets wait for it.
 */
export function foldOldTransfers(db: Database, keep: number): void {
  const newest =
    db.get<{ number: bigint | null }>('SELECT max(number) AS number FROM transfers')?.number ?? 0n;
  const edge = db.get<{ number: bigint | null }>(
    `SELECT max(number) AS number FROM (
       SELECT number FROM transfers WHERE number <= ? AND state <> 'pending' ORDER BY number LIMIT ?
     )`,
    newest - BigInt(keep),
    BigInt(BATCH),
  )?.number;
  if (edge === null || edge === undefined) return;
  const finished = (state: string) =>
    `SELECT number FROM transfers WHERE number <= ${edge} AND state ${state}`;
  for (const side of ['debit', 'credit']) {
    db.exec(`
      UPDATE accounts SET folded_${side}_units = folded_${side}_units + folded.sum
      FROM (
        SELECT ${side} AS account, sum(amount_units) AS sum FROM legs
        WHERE transfer IN (${finished("= 'posted'")}) GROUP BY ${side}
      ) AS folded
      WHERE accounts.number = folded.account`);
  }
  db.exec(`DELETE FROM legs WHERE transfer IN (${finished("<> 'pending'")})`);
  db.exec(`DELETE FROM transfers WHERE number <= ${edge} AND state <> 'pending'`);
}
