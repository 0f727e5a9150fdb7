import { type Database, isStorageError } from './database.ts';
import { LedgerError } from './errors.ts';

export interface GroupCommit<Tx> {
  commit<T>(work: (tx: Tx) => T): Promise<T>;
  /** Commits what waits; further work is refused. */
  close(): void;
}

// Far above what one event-loop turn brings; reaching it means that the disk is much too slow.
const MAX_WAITING = 20_000;

/**
 * Collects the work of one event-loop turn into one transaction: one sync of the disk for all. Every piece has
 * a savepoint, so that it fails alone; the commit fails for all, and nobody hears of success before it.
 */
export function createGroupCommit<Tx>(
  db: Database,
  tx: Tx,
  hooks: { before(): void; after(): void },
): GroupCommit<Tx> {
  let waiting: Piece<Tx>[] = [];
  let closed = false;

  function flush(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    let failure: LedgerError | undefined;
    try {
      db.exec('BEGIN IMMEDIATE');
      hooks.before();
      for (const piece of group) runPiece(db, tx, piece);
      hooks.after();
      db.exec('COMMIT');
    } catch (error) {
      failure = unavailable(error);
      rollBack(db);
    }
    for (const piece of group) piece.settle(failure);
  }

  return {
    commit<T>(work: (tx: Tx) => T) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      if (closed) reject(new LedgerError('unavailable', 'The ledger is closed'));
      else if (waiting.length >= MAX_WAITING) {
        reject(new LedgerError('unavailable', `The ledger has ${MAX_WAITING} pieces of work waiting`));
      } else {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push(createPiece(work, resolve, reject));
      }
      return promise;
    },
    close() {
      closed = true;
      flush();
    },
  };
}

interface Piece<Tx> {
  run(tx: Tx): void;
  fail(error: unknown): void;
  settle(groupFailure: LedgerError | undefined): void;
}

function createPiece<Tx, T>(
  work: (tx: Tx) => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Piece<Tx> {
  let result: { value: T } | { error: unknown } = { error: undefined };
  return {
    run(tx) {
      const value = work(tx);
      // An async work would go on after its savepoint: that is a mistake of the caller.
      if (value instanceof Promise) throw new TypeError('Work of a commit must not be async');
      result = { value };
    },
    fail(error) {
      result = { error };
    },
    settle(groupFailure) {
      if (groupFailure) reject(groupFailure);
      else if ('value' in result) resolve(result.value);
      else reject(result.error);
    },
  };
}

function runPiece<Tx>(db: Database, tx: Tx, piece: Piece<Tx>): void {
  db.exec('SAVEPOINT piece');
  try {
    piece.run(tx);
  } catch (error) {
    // On trouble with the disk SQLite may have given up the whole transaction: then nothing of the group counts.
    if (isStorageError(error) || !db.inTransaction()) throw error;
    db.exec('ROLLBACK TO piece');
    piece.fail(error);
  }
  db.exec('RELEASE piece');
}

function rollBack(db: Database): void {
  try {
    if (db.inTransaction()) db.exec('ROLLBACK');
  } catch {
    // The transaction is gone either way; the next BEGIN tells if the file is usable.
  }
}

function unavailable(error: unknown): LedgerError {
  const why = error instanceof Error ? error.message : String(error);
  return new LedgerError('unavailable', `The ledger cannot commit: ${why}`, { cause: error });
}
