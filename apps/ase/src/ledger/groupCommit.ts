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
 * Collects work into one transaction: one sync of the disk for all that came while the disk was busy with the last one.
 * Every piece has a savepoint, so that it fails alone; the commit fails for all, and nobody hears of success before the
 * commit is on disk. The event loop goes on meanwhile.
 */
export function createGroupCommit<Tx>(
  db: Database,
  tx: Tx,
  hooks: {
    before(): void;
    beforePiece(): void;
    /** The piece that began last has failed; the file is as it was before it. */
    undoPiece(): void;
    after(): void;
    /** The commit has failed; the file is as it was before it. */
    undo(): void;
    /** The disk refused a sync: no one can know what of the last commits it kept. Only a new start can tell. */
    onLost(error: LedgerError): void;
  },
): GroupCommit<Tx> {
  let waiting: Piece<Tx>[] = [];
  /** Committed, and not yet on disk. */
  let unsynced: Piece<Tx>[] = [];
  let isDue = false;
  let refusal: LedgerError | undefined;

  function flush(): void {
    isDue = false;
    const group = waiting;
    waiting = [];
    const failure = group.length === 0 ? undefined : commitGroup(group);
    if (failure) for (const piece of group) piece.settle(failure);
    else unsynced = group;
  }

  function commitGroup(group: Piece<Tx>[]): LedgerError | undefined {
    try {
      db.run('BEGIN IMMEDIATE');
      hooks.before();
      for (const piece of group) runPiece(db, tx, piece, hooks);
      hooks.after();
      db.run('COMMIT');
      return undefined;
    } catch (error) {
      rollBack(db);
      hooks.undo();
      return unavailable(error);
    }
  }

  function flushAndSync(): void {
    flush();
    if (unsynced.length > 0) db.sync(settle);
    else schedule();
  }

  function settle(syncError: Error | null): void {
    const group = unsynced;
    unsynced = [];
    const failure = syncError ? lost(syncError) : undefined;
    for (const piece of group) piece.settle(failure);
    if (failure && group.length > 0) {
      refusal = failure;
      for (const piece of waiting.splice(0)) piece.settle(failure);
      hooks.onLost(failure);
    } else schedule();
  }

  function schedule(): void {
    if (isDue || waiting.length === 0 || unsynced.length > 0) return;
    isDue = true;
    setImmediate(flushAndSync);
  }

  return {
    commit<T>(work: (tx: Tx) => T) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      if (refusal) reject(refusal);
      else if (waiting.length >= MAX_WAITING) {
        reject(new LedgerError('unavailable', `The ledger has ${MAX_WAITING} pieces of work waiting`));
      } else {
        waiting.push(createPiece(work, resolve, reject));
        schedule();
      }
      return promise;
    },
    close() {
      refusal ??= new LedgerError('unavailable', 'The ledger is closed');
      if (unsynced.length > 0) settle(db.syncNow());
      flush();
      if (unsynced.length > 0) settle(db.syncNow());
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

function runPiece<Tx>(
  db: Database,
  tx: Tx,
  piece: Piece<Tx>,
  hooks: { beforePiece(): void; undoPiece(): void },
): void {
  db.run('SAVEPOINT piece');
  hooks.beforePiece();
  try {
    piece.run(tx);
  } catch (error) {
    // On trouble with the disk SQLite may have given up the whole transaction: then nothing of the group counts.
    if (isStorageError(error) || !db.inTransaction()) throw error;
    db.run('ROLLBACK TO piece');
    hooks.undoPiece();
    piece.fail(error);
  }
  db.run('RELEASE piece');
}

function rollBack(db: Database): void {
  try {
    if (db.inTransaction()) db.run('ROLLBACK');
  } catch {
    // The transaction is gone either way; the next BEGIN tells if the file is usable.
  }
}

function lost(error: Error): LedgerError {
  const message = `The disk refused to keep the last commits (${error.message}): look at the disk, then start again; what it kept is right`;
  return new LedgerError('unavailable', message, { cause: error });
}

function unavailable(error: unknown): LedgerError {
  const why = error instanceof Error ? error.message : String(error);
  return new LedgerError('unavailable', `The ledger cannot commit: ${why}`, { cause: error });
}
