import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { LedgerError } from './errors.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema.ts';
import type { SqlValue, TxSql } from './types.ts';

export interface Database extends TxSql {
  /** Runs an INSERT of one row; returns its rowid, undefined when a conflict clause left it out. */
  insert(statement: string, ...parameters: SqlValue[]): bigint | undefined;
  exec(statements: string): void;
  /** False after SQLite itself gave the transaction up, as it does when the disk is full. */
  inTransaction(): boolean;
  /** Puts on disk what was committed before, and says so then; the event loop goes on meanwhile. */
  sync(done: (error: Error | null) => void): void;
  /** The same at once; the error is returned. */
  syncNow(): Error | null;
  close(): void;
}

// A predecessor that is just going gets this long to let go of the file.
const LOCK_WAIT_MS = 1_000;
const MAX_CACHED_STATEMENTS = 500;
const PAGE_BYTES = 4_096;
// A checkpoint syncs the file itself while everything waits, so there are few: each brings over 16 MB of log at most.
const PAGES_A_CHECKPOINT = 4_096;

/** Opens or creates the ledger file and holds it: no other process can open it until close() or the end of this one. */
export function openDatabase(file: string): Database {
  const db = open(file);
  const log = file === IN_MEMORY ? NO_LOG : openLog(`${file}-wal`);
  const statements = new Map<string, StatementSync>();

  function prepared(statement: string): StatementSync {
    const known = statements.get(statement);
    if (known) return known;
    if (statements.size >= MAX_CACHED_STATEMENTS) statements.clear();
    const fresh = db.prepare(statement);
    statements.set(statement, fresh);
    return fresh;
  }

  return {
    run: (statement, ...parameters) => ({ changes: Number(prepared(statement).run(...parameters).changes) }),
    // Not RETURNING: SQLite keeps the rows that come of it in a table of their own first.
    insert(statement, ...parameters) {
      const { changes, lastInsertRowid } = prepared(statement).run(...parameters);
      return Number(changes) === 0 ? undefined : BigInt(lastInsertRowid);
    },
    get: <Row>(statement: string, ...parameters: SqlValue[]) =>
      prepared(statement).get(...parameters) as Row | undefined,
    all: <Row>(statement: string, ...parameters: SqlValue[]) =>
      prepared(statement).all(...parameters) as Row[],
    exec: (text) => db.exec(text),
    inTransaction: () => db.isTransaction,
    sync: log.sync,
    syncNow: log.syncNow,
    close() {
      db.close();
      log.close();
    },
  };
}

/** SQLite appends commits to this file, in their order, and keeps it for as long as the database is open. */
function openLog(file: string): Log {
  const descriptor = openSync(file, 'r+');
  return {
    sync: (done) => fdatasync(descriptor, done),
    syncNow() {
      try {
        fdatasyncSync(descriptor);
        return null;
      } catch (error) {
        return error as Error;
      }
    },
    close: () => closeSync(descriptor),
  };
}

type Log = Pick<Database, 'sync' | 'syncNow' | 'close'>;

/** SQLite's name of a database that ends with its process, as tests use it. */
const IN_MEMORY = ':memory:';
const NO_LOG: Log = {
  sync: (done) => void setImmediate(done, null),
  syncNow: () => null,
  close() {},
};

/** Trouble of the disk or the file, not of one statement: everything in the transaction is lost with it. */
export function isStorageError(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && !STATEMENT_ERRORS.has(code);
}

// SQLITE_ERROR, TOOBIG, CONSTRAINT, MISMATCH, RANGE: one statement was wrong, the transaction is sound.
const STATEMENT_ERRORS = new Set([1, 18, 19, 20, 25]);
const SQLITE_BUSY = 5;

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  // The low byte is the kind, the rest its detail.
  return error.errcode & 0xff;
}

function open(file: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readBigInts: true, timeout: LOCK_WAIT_MS });
    // EXCLUSIVE before the first look at the file: one process owns the books, and SQLite needs no shared memory.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    // NORMAL syncs all but the end of the log, so that a power cut can take the last commits and nothing else. The end is
    // synced by sync(), and no one hears of a commit before: docs/decisions/group-commit.md.
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec(`PRAGMA wal_autocheckpoint = ${PAGES_A_CHECKPOINT}`);
    db.exec(`PRAGMA journal_size_limit = ${PAGES_A_CHECKPOINT * PAGE_BYTES}`);
    db.exec('BEGIN IMMEDIATE');
    const version = Number(
      (db.prepare('PRAGMA user_version').get() as { user_version: bigint }).user_version,
    );
    if (version > SCHEMA_VERSION) {
      throw new LedgerError(
        'newer_schema',
        `The ledger ${file} has schema version ${version}, this program knows up to ${SCHEMA_VERSION}: use the newer program, or another data folder`,
      );
    }
    if (version === 0) {
      db.exec(SCHEMA);
      db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    }
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof LedgerError) throw error;
    if (sqliteCode(error) === SQLITE_BUSY) {
      throw new LedgerError('locked', `Another process uses the ledger ${file}: stop it first`, {
        cause: error,
      });
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new LedgerError('unavailable', `Cannot open the ledger ${file}: ${why}`, { cause: error });
  }
}
