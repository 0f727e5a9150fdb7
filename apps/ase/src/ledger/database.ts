import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { LedgerError } from './errors.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema.ts';
import type { SqlValue, TxSql } from './types.ts';

export interface Database extends TxSql {
  exec(statements: string): void;
  /** False after SQLite itself gave the transaction up, as it does when the disk is full. */
  inTransaction(): boolean;
  close(): void;
}

// A predecessor that is just going gets this long to let go of the file.
const LOCK_WAIT_MS = 1_000;
const MAX_CACHED_STATEMENTS = 500;

/** Opens or creates the ledger file and holds it: no other process can open it until close() or the end of this one. */
export function openDatabase(file: string): Database {
  const db = open(file);
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
    get: <Row>(statement: string, ...parameters: SqlValue[]) =>
      prepared(statement).get(...parameters) as Row | undefined,
    all: <Row>(statement: string, ...parameters: SqlValue[]) =>
      prepared(statement).all(...parameters) as Row[],
    exec: (text) => db.exec(text),
    inTransaction: () => db.isTransaction,
    close: () => db.close(),
  };
}

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
    // FULL also survives a power cut; it costs about 0.2 ms a group commit on an ordinary disk.
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA journal_size_limit = 16777216');
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
