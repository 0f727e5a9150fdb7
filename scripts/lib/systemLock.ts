import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 100;

export interface SystemLockOptions {
  /** Who we are, for those who wait for us. */
  holder: string;
  signal: AbortSignal;
  /** Called at every look while somebody else has it; a throw gives up. */
  onBusy: (holder: string) => void;
}

/**
 * Runs `work` while no other process holds `file`. The lock is an SQLite transaction, that is, a lock of the
 * operating system: it ends with the process that holds it, `kill -9` too, so there is never a stale one to clear.
 */
export async function withSystemLock<T>(
  file: string,
  { holder, signal, onBusy }: SystemLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(path.dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    while (!tryBegin(database)) {
      onBusy(readHolder(`${file}.holder`));
      await delay(POLL_MS, undefined, { signal });
    }
    writeFileSync(`${file}.holder`, holder);
    return await work();
  } finally {
    database.close();
  }
}

function tryBegin(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (/locked|busy/i.test(String(error))) return false;
    throw error;
  }
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'another process';
  }
}
