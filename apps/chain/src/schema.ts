import { DatabaseSync } from 'node:sqlite';

/** Opens or makes the file that holds all chains. Whole numbers are read as bigint. */
export function openChainFile(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readBigInts: true, timeout: 1000 });
  // One process owns the file; then SQLite needs no shared memory either.
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec(SCHEMA);
  return db;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS chains (
    chain TEXT PRIMARY KEY,
    genesis_ms INTEGER NOT NULL,
    reorgs INTEGER NOT NULL DEFAULT 0,
    -- Blocks with transactions since the last reorganisation.
    blocks_since_reorg INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS balances (
    chain TEXT NOT NULL,
    address TEXT NOT NULL,
    token TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units >= 0),
    PRIMARY KEY (chain, address, token)
  ) STRICT, WITHOUT ROWID;

  -- What came into the world (faucet) and went out of it (fees).
  CREATE TABLE IF NOT EXISTS supply (
    chain TEXT NOT NULL,
    token TEXT NOT NULL,
    minted INTEGER NOT NULL DEFAULT 0,
    burnt INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (chain, token)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS channels (
    chain TEXT NOT NULL,
    id TEXT NOT NULL,
    payer TEXT NOT NULL,
    payee TEXT NOT NULL,
    public_key TEXT NOT NULL,
    token TEXT NOT NULL,
    funded INTEGER NOT NULL CHECK (funded > 0),
    redeemed INTEGER NOT NULL DEFAULT 0 CHECK (redeemed BETWEEN 0 AND funded),
    state TEXT NOT NULL CHECK (state IN ('open', 'closing', 'disputed', 'closed')),
    nonce INTEGER NOT NULL DEFAULT 0,
    amount INTEGER NOT NULL DEFAULT 0 CHECK (amount BETWEEN 0 AND funded),
    closes_at INTEGER,
    reason TEXT,
    PRIMARY KEY (chain, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS transactions (
    number INTEGER PRIMARY KEY,
    chain TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'included', 'final', 'failed')),
    block INTEGER,
    error TEXT,
    fee INTEGER NOT NULL DEFAULT 0,
    UNIQUE (chain, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS open_transactions ON transactions (chain, number)
    WHERE state IN ('pending', 'included');
`;
