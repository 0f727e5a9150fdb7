import { randomUUID } from 'node:crypto';
import type { Ledger } from '../ledger/types.ts';

/** What an installation remembers about its own reports. */
export interface Installation {
  id: string;
  /** 0 before the first. */
  lastSentMs: number;
}

/** Creates the table of the usage report in the ledger's database. */
export function defineUsageTable(ledger: Pick<Ledger, 'define'>): void {
  ledger.define(`
    CREATE TABLE IF NOT EXISTS usage_installation (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      id TEXT NOT NULL,
      last_sent_ms INTEGER NOT NULL
    ) STRICT;
  `);
}

export function readInstallation({ read }: Pick<Ledger, 'read'>): Installation | undefined {
  const row = read.get<{ id: string; last_sent_ms: bigint }>(
    'SELECT id, last_sent_ms FROM usage_installation',
  );
  return row && { id: row.id, lastSentMs: Number(row.last_sent_ms) };
}

/** The one that there is, else a new one under a random id. */
export async function ensureInstallation(ledger: Pick<Ledger, 'read' | 'commit'>): Promise<Installation> {
  const known = readInstallation(ledger);
  if (known) return known;
  const id = randomUUID();
  await ledger.commit(({ sql }) =>
    sql.run('INSERT INTO usage_installation (one, id, last_sent_ms) VALUES (1, ?, 0)', id),
  );
  return { id, lastSentMs: 0 };
}

/** A restart is then no reason for another report. */
export async function noteSent(ledger: Pick<Ledger, 'commit'>, atMs: number): Promise<void> {
  await ledger.commit(({ sql }) =>
    sql.run('UPDATE usage_installation SET last_sent_ms = ?', BigInt(Math.floor(atMs))),
  );
}

/** Who opts out is forgotten: opting in again is a new installation. */
export async function forgetInstallation(ledger: Pick<Ledger, 'read' | 'commit'>): Promise<void> {
  if (readInstallation(ledger)) await ledger.commit(({ sql }) => sql.run('DELETE FROM usage_installation'));
}
