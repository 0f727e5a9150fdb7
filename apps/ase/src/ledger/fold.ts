import type { Database } from './database.ts';

/** Small, because the packets of a commit wait for it; larger than what one commit adds as a rule. */
const BATCH = 200n;

/**
 * Keeps the file bounded: of finished transfers only the newest `keep` or so stay. What older ones moved is added
 * to their accounts' folded sums, so balances and the audit stay exact. Pending transfers stay whatever their age.
 * Returns what to call in every commit: it folds a batch when one is due.
 */
export function createFolding(db: Database, keep: number): () => void {
  let foldedTo = (one(db, 'SELECT min(number) AS number FROM transfers') ?? 1n) - 1n;
  return () => {
    const newest = one(db, 'SELECT max(number) AS number FROM transfers') ?? 0n;
    if (newest - foldedTo < BigInt(keep) + BATCH) return;
    fold(db, foldedTo + BATCH);
    foldedTo += BATCH;
  };
}

function fold(db: Database, edge: bigint): void {
  for (const side of ['debit', 'credit']) {
    db.run(
      `UPDATE accounts SET folded_${side}_units = folded_${side}_units + folded.sum
       FROM (
         SELECT ${side} AS account, sum(amount_units) AS sum FROM legs
         WHERE transfer IN (SELECT number FROM transfers WHERE number <= ? AND state = 'posted') GROUP BY ${side}
       ) AS folded
       WHERE accounts.number = folded.account`,
      edge,
    );
  }
  db.run(
    "DELETE FROM legs WHERE transfer IN (SELECT number FROM transfers WHERE number <= ? AND state <> 'pending')",
    edge,
  );
  db.run("DELETE FROM transfers WHERE number <= ? AND state <> 'pending'", edge);
}

const one = (db: Database, query: string): bigint | null =>
  db.get<{ number: bigint | null }>(query)?.number ?? null;
