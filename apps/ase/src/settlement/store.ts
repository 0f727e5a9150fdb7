import { generateKeyPairSync } from 'node:crypto';
import type { SettlementMethod } from '../../../../telemetry/catalogue.ts';
import type { UnsignedTransaction } from '../../../chain/src/wire.ts';
import type { Ledger, LedgerTx, SqlValue } from '../ledger/types.ts';

/** The life of a payment channel. `failed` never came to be. */
export type ChannelState = 'opening' | 'open' | 'closing' | 'disputed' | 'closed' | 'failed';

export interface Channel {
  id: string;
  method: SettlementMethod;
  peer: string;
  /** `out`: we pay by it; `in`: the peer does. */
  role: 'out' | 'in';
  token: string;
  publicKey: string;
  state: ChannelState;
  fundedUnits: bigint;
  /** The newest claim: of `in` the newest that we took, of `out` the newest that the peer took. */
  nonce: number;
  claimedUnits: bigint;
  claimSignature: string | null;
  /** What of the claims is money on the chain already. */
  redeemedUnits: bigint;
}

export type TransactionKind = UnsignedTransaction['kind'];

/** A transaction that was decided. It is on the chain, or will be: nothing but its outcome ends it. */
export interface ChainTransaction {
  id: string;
  method: SettlementMethod;
  kind: TransactionKind;
  /** Empty for a faucet. */
  channel: string;
  peer: string;
  amountUnits: bigint;
  body: UnsignedTransaction;
  /** Where it was last seen; null while it waits. */
  block: number | null;
  createdAtMs: number;
}

/** A payment to a peer by a signed claim. Once signed it cannot be taken back: it ends when the peer or the chain decides. */
export interface OpenSettlement {
  id: string;
  peer: string;
  channel: string;
  amountUnits: bigint;
  nonce: number;
  cumulativeUnits: bigint;
  createdAtMs: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS settlement_keys (name TEXT PRIMARY KEY, key BLOB NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS settlement_channels (
    id TEXT PRIMARY KEY,
    method TEXT NOT NULL,
    peer TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('out', 'in')),
    token TEXT NOT NULL,
    public_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('opening', 'open', 'closing', 'disputed', 'closed', 'failed')),
    funded INTEGER NOT NULL,
    nonce INTEGER NOT NULL DEFAULT 0,
    claimed INTEGER NOT NULL DEFAULT 0 CHECK (claimed >= 0),
    claim_signature TEXT,
    redeemed INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS settlement_transactions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    method TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    peer TEXT NOT NULL,
    amount INTEGER NOT NULL,
    body TEXT NOT NULL,
    block INTEGER,
    created_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS settlements (
    id TEXT PRIMARY KEY,
    peer TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    nonce INTEGER NOT NULL,
    cumulative INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

export type SettlementStore = ReturnType<typeof createSettlementStore>;

/** What settlement remembers beside the money, in the ledger's file and its commits. */
export function createSettlementStore(ledger: Ledger) {
  ledger.define(SCHEMA);
  const { read } = ledger;

  return {
    channel: (id: string): Channel | undefined =>
      read.all<ChannelRow>('SELECT * FROM settlement_channels WHERE id = ?', id).map(toChannel)[0],
    /** All that are not over. */
    liveChannels: (): Channel[] =>
      read
        .all<ChannelRow>(
          "SELECT * FROM settlement_channels WHERE state NOT IN ('closed', 'failed') ORDER BY id",
        )
        .map(toChannel),
    allChannels: (limit: number): Channel[] =>
      read
        .all<ChannelRow>(
          "SELECT * FROM settlement_channels ORDER BY state IN ('closed', 'failed'), id LIMIT ?",
          BigInt(limit),
        )
        .map(toChannel),
    saveChannel(tx: LedgerTx, channel: Channel): void {
      tx.sql.run(
        'INSERT OR REPLACE INTO settlement_channels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        channel.id,
        channel.method,
        channel.peer,
        channel.role,
        channel.token,
        channel.publicKey,
        channel.state,
        channel.fundedUnits,
        BigInt(channel.nonce),
        channel.claimedUnits,
        channel.claimSignature,
        channel.redeemedUnits,
      );
    },

    transactions: (): ChainTransaction[] =>
      read.all<TransactionRow>('SELECT * FROM settlement_transactions ORDER BY number').map(toTransaction),
    isPending: (id: string): boolean =>
      read.get('SELECT 1 AS one FROM settlement_transactions WHERE id = ?', id) !== undefined,
    addTransaction(tx: LedgerTx, one: Omit<ChainTransaction, 'block' | 'createdAtMs'>): void {
      tx.sql.run(
        `INSERT INTO settlement_transactions (id, method, kind, channel, peer, amount, body, created_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        one.id,
        one.method,
        one.kind,
        one.channel,
        one.peer,
        one.amountUnits,
        JSON.stringify(one.body),
        BigInt(tx.nowMs),
      );
    },
    setBlock(tx: LedgerTx, id: string, block: number | null): void {
      const value: SqlValue = block === null ? null : BigInt(block);
      tx.sql.run('UPDATE settlement_transactions SET block = ? WHERE id = ?', value, id);
    },
    /** False when it was ended before. */
    endTransaction: (tx: LedgerTx, id: string): boolean =>
      tx.sql.run('DELETE FROM settlement_transactions WHERE id = ?', id).changes > 0,

    settlements: (): OpenSettlement[] =>
      read.all<SettlementRow>('SELECT * FROM settlements ORDER BY id').map(toSettlement),
    addSettlement(tx: LedgerTx, one: Omit<OpenSettlement, 'createdAtMs'>): void {
      tx.sql.run(
        'INSERT INTO settlements VALUES (?, ?, ?, ?, ?, ?, ?)',
        one.id,
        one.peer,
        one.channel,
        one.amountUnits,
        BigInt(one.nonce),
        one.cumulativeUnits,
        BigInt(tx.nowMs),
      );
    },
    endSettlement: (tx: LedgerTx, id: string): boolean =>
      tx.sql.run('DELETE FROM settlements WHERE id = ?', id).changes > 0,

    /** The ASE's key on all chains, made on the first start. PKCS8 in DER. */
    key: (): Promise<Buffer> =>
      ledger.commit((tx) => {
        const row = tx.sql.get<{ key: Uint8Array }>("SELECT key FROM settlement_keys WHERE name = 'chain'");
        if (row) return Buffer.from(row.key);
        const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' });
        tx.sql.run("INSERT INTO settlement_keys VALUES ('chain', ?)", key);
        return key;
      }),
  };
}

interface ChannelRow {
  id: string;
  method: SettlementMethod;
  peer: string;
  role: 'out' | 'in';
  token: string;
  public_key: string;
  state: ChannelState;
  funded: bigint;
  nonce: bigint;
  claimed: bigint;
  claim_signature: string | null;
  redeemed: bigint;
}

const toChannel = (row: ChannelRow): Channel => ({
  id: row.id,
  method: row.method,
  peer: row.peer,
  role: row.role,
  token: row.token,
  publicKey: row.public_key,
  state: row.state,
  fundedUnits: row.funded,
  nonce: Number(row.nonce),
  claimedUnits: row.claimed,
  claimSignature: row.claim_signature,
  redeemedUnits: row.redeemed,
});

interface TransactionRow {
  id: string;
  method: SettlementMethod;
  kind: TransactionKind;
  channel: string;
  peer: string;
  amount: bigint;
  body: string;
  block: bigint | null;
  created_at_ms: bigint;
}

const toTransaction = (row: TransactionRow): ChainTransaction => ({
  id: row.id,
  method: row.method,
  kind: row.kind,
  channel: row.channel,
  peer: row.peer,
  amountUnits: row.amount,
  body: JSON.parse(row.body),
  block: row.block === null ? null : Number(row.block),
  createdAtMs: Number(row.created_at_ms),
});

interface SettlementRow {
  id: string;
  peer: string;
  channel: string;
  amount: bigint;
  nonce: bigint;
  cumulative: bigint;
  created_at_ms: bigint;
}

const toSettlement = (row: SettlementRow): OpenSettlement => ({
  id: row.id,
  peer: row.peer,
  channel: row.channel,
  amountUnits: row.amount,
  nonce: Number(row.nonce),
  cumulativeUnits: row.cumulative,
  createdAtMs: Number(row.created_at_ms),
});
