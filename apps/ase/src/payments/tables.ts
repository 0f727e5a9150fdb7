import type { Ledger } from '../ledger/types.ts';
import { PAYMENT_TRACE_TABLE } from './paymentTraces.ts';

/** Creates the tables of payments in the ledger's database, so that payment and money change in one commit. */
export function definePaymentTables(ledger: Pick<Ledger, 'define'>): void {
  ledger.define(TABLES + PAYMENT_TRACE_TABLE);
}

// Amounts are units in SQLite's 64-bit integers, times are Unix milliseconds, `seq` gives lists their order.
const TABLES = `
  CREATE TABLE IF NOT EXISTS incoming_payments (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     wallet TEXT NOT NULL,
     incoming_units INTEGER,
     received_units INTEGER NOT NULL,
     state TEXT NOT NULL,
     metadata TEXT,
     expires_at_ms INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL
   ) STRICT;
  CREATE INDEX IF NOT EXISTS incoming_payments_by_wallet ON incoming_payments (wallet, seq);
  CREATE INDEX IF NOT EXISTS incoming_payments_open ON incoming_payments (expires_at_ms)
     WHERE state IN ('PENDING', 'PROCESSING');
  CREATE TABLE IF NOT EXISTS quotes (
     id TEXT NOT NULL PRIMARY KEY,
     wallet TEXT NOT NULL,
     receiver TEXT NOT NULL,
     debit_units INTEGER NOT NULL,
     fee_units INTEGER NOT NULL,
     receive_units INTEGER NOT NULL,
     receive_asset_code TEXT NOT NULL,
     receive_asset_scale INTEGER NOT NULL,
     path TEXT NOT NULL,
     payment_id TEXT,
     expires_at_ms INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL
   ) STRICT;
  CREATE INDEX IF NOT EXISTS quotes_unused ON quotes (expires_at_ms) WHERE payment_id IS NULL;
  CREATE TABLE IF NOT EXISTS outgoing_payments (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     wallet TEXT NOT NULL,
     quote_id TEXT NOT NULL UNIQUE,
     state TEXT NOT NULL,
     sent_units INTEGER,
     fee_units INTEGER,
     received_before_units INTEGER,
     attempts INTEGER NOT NULL,
     next_attempt_at_ms INTEGER NOT NULL,
     failure TEXT,
     metadata TEXT,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL
   ) STRICT;
  CREATE INDEX IF NOT EXISTS outgoing_payments_by_wallet ON outgoing_payments (wallet, seq);
  CREATE INDEX IF NOT EXISTS outgoing_payments_open ON outgoing_payments (next_attempt_at_ms)
     WHERE state IN ('FUNDING', 'SENDING');
  CREATE TABLE IF NOT EXISTS payment_events (
     at_ms INTEGER NOT NULL,
     direction TEXT NOT NULL,
     state TEXT,
     asset TEXT NOT NULL,
     units INTEGER NOT NULL
   ) STRICT;
  CREATE INDEX IF NOT EXISTS payment_events_by_time ON payment_events (at_ms);
  CREATE TABLE IF NOT EXISTS idempotency_keys (
     key TEXT NOT NULL PRIMARY KEY,
     request_hash TEXT NOT NULL,
     status INTEGER NOT NULL,
     answer TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL
   ) STRICT;
  CREATE INDEX IF NOT EXISTS idempotency_keys_by_time ON idempotency_keys (created_at_ms);
  CREATE TABLE IF NOT EXISTS write_probe (one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS server_secrets (name TEXT NOT NULL PRIMARY KEY, secret BLOB NOT NULL) STRICT;
`;

/** Writes something that nobody reads. Rejects when the disk does not take it. */
export function probeWrite(ledger: Pick<Ledger, 'commit'>): Promise<void> {
  return ledger.commit((tx) => {
    tx.sql.run('INSERT OR REPLACE INTO write_probe (one, at_ms) VALUES (1, ?)', BigInt(tx.nowMs));
  });
}
