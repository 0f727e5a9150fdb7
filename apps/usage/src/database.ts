import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { USAGE_COUNTS } from '../../../telemetry/usageReport.ts';

/** Of the tables below; a file of a later one is refused. */
const SCHEMA_VERSION = 1;
/** A predecessor that is just going gets this long to let go of the file. */
const LOCK_WAIT_MS = 1_000;

// The day is all that is kept of the time. Totals outlive the reports that they count.
const SCHEMA = `
  CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    version TEXT NOT NULL,
    installation TEXT NOT NULL,
    uptimeHours INTEGER NOT NULL,
    system TEXT NOT NULL,
    architecture TEXT NOT NULL,
    nodeMajor INTEGER NOT NULL,
    ${USAGE_COUNTS.map((name) => `${name} TEXT NOT NULL`).join(', ')}
  ) STRICT;
  CREATE INDEX report_by_day ON report (day, version, installation);
  CREATE INDEX report_by_installation ON report (installation, day);
  CREATE TABLE total (
    quantity TEXT NOT NULL,
    label TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (quantity, label)
  ) STRICT, WITHOUT ROWID;
`;

/** Opens or creates the database; one process has it at a time. Throws an Error of one clear line. */
export function openDatabase(file: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    db = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
    // EXCLUSIVE before the first look at the file: SQLite then needs no shared memory.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    // A report that was answered survives a power cut; there are few enough.
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA journal_size_limit = 1048576');
    db.exec('PRAGMA cache_size = -1024');
    db.exec('BEGIN IMMEDIATE');
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > SCHEMA_VERSION) {
      throw new Error(`it has schema version ${version}, this program knows up to ${SCHEMA_VERSION}`);
    }
    if (version === 0) db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}`);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db?.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot open the usage database ${file}: ${why}`, { cause: error });
  }
}
