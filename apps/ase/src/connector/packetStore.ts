import type { AccountId, Ledger, LedgerTx } from '../ledger/types.ts';
import type { Idempotency } from './packet.ts';

/** A packet that went out to a peer and whose reply is not in the books yet. */
export interface OutgoingPacket {
  transferId: string;
  peerId: string;
  /** Exactly the bytes that were sent. */
  prepareBytes: Buffer;
  sourceAccount: AccountId;
  /** How its source identifies it. */
  idempotency: Idempotency | undefined;
  sourceUnits: bigint;
  destinationUnits: bigint;
}

interface StoredReply {
  fingerprint: Buffer;
  replyBytes: Buffer;
}

/** What the connector remembers beside the money, in the same commits. */
export interface PacketStore {
  keepOutgoing(tx: LedgerTx, packet: OutgoingPacket): void;
  forgetOutgoing(tx: LedgerTx, transferId: string): void;
  outgoing(): OutgoingPacket[];
  keepReply(tx: LedgerTx, account: AccountId, idempotency: Idempotency, replyBytes: Buffer): void;
  findReply(account: AccountId, key: string): StoredReply | undefined;
  keepErrorTime(tx: LedgerTx): void;
  lastErrorAtMs(): number;
}

/**
 * Replies kept for each peer: by number, not by age, because a peer may ask again after a day on which both
 * machines slept. It asks within seconds of running again, and while it does not run no newer replies push.
 */
const KEEP_REPLIES = 50_000n;
const REPLIES_PER_PRUNE = 1_000;

export function createPacketStore(ledger: Ledger, keepReplies: bigint = KEEP_REPLIES): PacketStore {
  ledger.define(SCHEMA);
  const keptSincePrune = new Map<AccountId, number>();
  let newest = ledger.read.get<{ n: bigint | null }>('SELECT max(number) AS n FROM stored_replies')?.n ?? 0n;

  return {
    keepOutgoing(tx, packet) {
      tx.sql.run(
        'INSERT INTO outgoing_packets VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        packet.transferId,
        packet.peerId,
        packet.prepareBytes,
        packet.sourceAccount,
        packet.idempotency?.key ?? null,
        packet.idempotency?.fingerprint ?? null,
        packet.sourceUnits,
        packet.destinationUnits,
      );
    },

    forgetOutgoing(tx, transferId) {
      tx.sql.run('DELETE FROM outgoing_packets WHERE transfer_id = ?', transferId);
    },

    outgoing: () => ledger.read.all<OutgoingRow>('SELECT * FROM outgoing_packets').map(toOutgoing),

    keepReply(tx, account, { key, fingerprint }, replyBytes) {
      newest += 1n;
      tx.sql.run(
        'INSERT INTO stored_replies (account, number, key, fingerprint, reply) VALUES (?, ?, ?, ?, ?)',
        account,
        newest,
        key,
        fingerprint,
        replyBytes,
      );
      const kept = (keptSincePrune.get(account) ?? 0) + 1;
      keptSincePrune.set(account, kept % REPLIES_PER_PRUNE);
      if (kept < REPLIES_PER_PRUNE) return;
      tx.sql.run(
        `DELETE FROM stored_replies WHERE account = ?1 AND number <= (
           SELECT number FROM stored_replies WHERE account = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2
         )`,
        account,
        keepReplies,
      );
    },

    findReply(account, key) {
      const row = ledger.read.get<{ fingerprint: Uint8Array; reply: Uint8Array }>(
        'SELECT fingerprint, reply FROM stored_replies WHERE account = ? AND key = ?',
        account,
        key,
      );
      return row && { fingerprint: Buffer.from(row.fingerprint), replyBytes: Buffer.from(row.reply) };
    },

    keepErrorTime(tx) {
      tx.sql.run('INSERT OR REPLACE INTO last_connector_error VALUES (1, ?)', BigInt(tx.nowMs));
    },

    lastErrorAtMs: () =>
      Number(ledger.read.get<{ at_ms: bigint }>('SELECT at_ms FROM last_connector_error')?.at_ms ?? 0n),
  };
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS outgoing_packets (
    transfer_id TEXT PRIMARY KEY,
    peer_id TEXT NOT NULL,
    prepare BLOB NOT NULL,
    source_account TEXT NOT NULL,
    source_key TEXT,
    source_fingerprint BLOB,
    source_units INTEGER NOT NULL,
    destination_units INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS stored_replies (
    account TEXT NOT NULL,
    -- Counts up with age.
    number INTEGER NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    reply BLOB NOT NULL,
    PRIMARY KEY (account, number),
    UNIQUE (account, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS last_connector_error (one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL) STRICT;
`;

interface OutgoingRow {
  transfer_id: string;
  peer_id: string;
  prepare: Uint8Array;
  source_account: AccountId;
  source_key: string | null;
  source_fingerprint: Uint8Array | null;
  source_units: bigint;
  destination_units: bigint;
}

const toOutgoing = (row: OutgoingRow): OutgoingPacket => ({
  transferId: row.transfer_id,
  peerId: row.peer_id,
  prepareBytes: Buffer.from(row.prepare),
  sourceAccount: row.source_account,
  idempotency:
    row.source_key === null || row.source_fingerprint === null
      ? undefined
      : { key: row.source_key, fingerprint: Buffer.from(row.source_fingerprint) },
  sourceUnits: row.source_units,
  destinationUnits: row.destination_units,
});
