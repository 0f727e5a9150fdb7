import { type AccountRow, changeableOf, saveRow } from './accounts.ts';
import type { Database } from './database.ts';
import { createHeldTransfers, type HeldTransfers } from './heldTransfers.ts';
import { createRowCache, type RowCache } from './rowCache.ts';
import { saveTotal, type TotalRow, totalKey } from './totals.ts';

/** What the entry functions work on: the file, and the rows that this commit has in hand. */
export interface Books extends Database {
  accountRows: RowCache<AccountRow>;
  totalRows: RowCache<TotalRow>;
  held: HeldTransfers;
  beginCommit(): void;
  beginPiece(): void;
  undoPiece(): void;
  /** Brings the file up to what this commit has in hand. */
  flush(): void;
  /** Nothing of this commit counts: the file is as it was before it. */
  undoCommit(): void;
}

export function createBooks(db: Database): Books {
  const accountRows = createRowCache<AccountRow>({
    keysOf: ({ id, number }) => [id, number],
    changeable: changeableOf,
    write: (row) => saveRow(db, row),
  });
  const totalRows = createRowCache<TotalRow>({
    keysOf: ({ quantity, labels }) => [totalKey(quantity, labels)],
    changeable: ({ value }) => ({ value }),
    write: (row) => saveTotal(db, row),
  });
  const caches = [accountRows, totalRows];
  return {
    ...db,
    accountRows,
    totalRows,
    held: createHeldTransfers(),
    beginCommit: () => caches.forEach((cache) => void cache.beginCommit()),
    beginPiece: () => caches.forEach((cache) => void cache.beginPiece()),
    undoPiece: () => caches.forEach((cache) => void cache.undoPiece()),
    flush: () => caches.forEach((cache) => void cache.flush()),
    undoCommit: () => caches.forEach((cache) => void cache.clear()),
  };
}
