import type { DatabaseSync } from 'node:sqlite';
import { createState, Failed } from './execute.ts';
import {
  type ChainChannel,
  type ChainName,
  type ChainStatus,
  isTransactionSigned,
  type Transaction,
  type TransactionStatus,
} from './wire.ts';

export interface ChainRules {
  blockMs: number;
  feeUnits: bigint;
  /** Blocks on top of a transaction's own before it has its effect; 0: at once. */
  confirmations: number;
  /** How long a payee can dispute the state by which a payer closes. */
  challengeBlocks: number;
  /** After so many blocks with transactions one reorganisation; 0: never. It undoes only what is not final. */
  reorgEvery: number;
}

export const RULES: Record<ChainName, ChainRules> = {
  xrp: { blockMs: 1000, feeUnits: 1n, confirmations: 0, challengeBlocks: 5, reorgEvery: 0 },
  evm: { blockMs: 1000, feeUnits: 4n, confirmations: 2, challengeBlocks: 8, reorgEvery: 10 },
};

/** A transaction that a chain does not even take: nothing happens, and it costs nothing. */
export class Refused extends Error {
  readonly code: 'wrong_signature' | 'id_taken' | 'too_many';
  constructor(code: Refused['code'], message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

export interface Chain {
  /** Takes a transaction. The same one again changes nothing: its sender may ask as often as it likes. */
  submit(transaction: Transaction): TransactionStatus;
  transaction(id: string): TransactionStatus | undefined;
  balance(address: string, token: string): bigint;
  channel(id: string): ChainChannel | undefined;
  status(): ChainStatus;
  /** Makes the blocks that are due; call it about once a block time. */
  produce(): void;
  /** Takes all that is not final back, as if other blocks had won. Gives how many transactions wait again. */
  reorganise(): number;
  /** The next transactions have no effect but their fee; or no blocks come for a while. */
  inject(fault: { failNext?: number; stallMs?: number }): void;
  /** Empty when every unit is somewhere. */
  audit(): string[];
}

/** Bounds for the file and for a block. */
const MAX_WAITING = 10_000;
const MAX_BLOCK = 500;
/** Of finished transactions, so many newest stay to be asked about. */
const KEEP_FINISHED = 20_000n;

/**
 * A simulated chain. A transaction waits, is included in a block, and has its effect when enough blocks stand on it:
 * so a reorganisation, which takes blocks back that are not final, never has to undo an effect.
 */
export function createChain(options: {
  db: DatabaseSync;
  chain: ChainName;
  rules?: Partial<ChainRules>;
  now?: () => number;
}): Chain {
  const { db, chain, now = Date.now } = options;
  const rules = { ...RULES[chain], ...options.rules };
  const state = createState(db, chain, rules.challengeBlocks);
  db.prepare('INSERT OR IGNORE INTO chains (chain, genesis_ms) VALUES (?, ?)').run(chain, BigInt(now()));
  const faults = { failNext: 0, stalledUntilMs: 0 };

  const meta = () =>
    db.prepare('SELECT * FROM chains WHERE chain = ?').get(chain) as {
      genesis_ms: bigint;
      reorgs: bigint;
      blocks_since_reorg: bigint;
    };
  // Blocks without transactions are not stored: they are only time.
  const heightNow = () => Math.max(0, Math.floor((now() - Number(meta().genesis_ms)) / rules.blockMs));
  const count = (where: string): number =>
    Number(
      (
        db.prepare(`SELECT count(*) AS n FROM transactions WHERE chain = ? AND ${where}`).get(chain) as {
          n: bigint;
        }
      ).n,
    );

  function atomic<T>(work: () => T): T {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  function transaction(id: string): TransactionStatus | undefined {
    const row = db.prepare('SELECT * FROM transactions WHERE chain = ? AND id = ?').get(chain, id) as
      | {
          id: string;
          state: TransactionStatus['state'];
          block: bigint | null;
          error: string | null;
          fee: bigint;
        }
      | undefined;
    if (!row) return undefined;
    const { state, error, fee } = row;
    return { id, state, block: row.block === null ? null : Number(row.block), error, fee: String(fee) };
  }

  function execute(number: bigint, tx: Transaction, height: number): void {
    let fee = 0n;
    let error: string | null = null;
    db.exec('SAVEPOINT one');
    try {
      fee = state.charge(tx, rules.feeUnits);
      db.exec('SAVEPOINT effect');
      try {
        if (faults.failNext > 0) {
          faults.failNext -= 1;
          throw new Failed('injected_failure');
        }
        state.apply(tx, height);
      } catch (cause) {
        if (!(cause instanceof Failed)) throw cause;
        error = cause.message;
        db.exec('ROLLBACK TO effect');
      }
      db.exec('RELEASE effect');
    } catch (cause) {
      if (!(cause instanceof Failed)) throw cause;
      error = cause.message;
      fee = 0n;
      db.exec('ROLLBACK TO one');
    }
    db.exec('RELEASE one');
    db.prepare('UPDATE transactions SET state = ?, error = ?, fee = ? WHERE number = ?').run(
      error === null ? 'final' : 'failed',
      error,
      fee,
      number,
    );
  }

  function takeBack(): number {
    const { changes } = db
      .prepare(
        "UPDATE transactions SET state = 'pending', block = NULL WHERE chain = ? AND state = 'included'",
      )
      .run(chain);
    if (Number(changes) > 0)
      db.prepare('UPDATE chains SET reorgs = reorgs + 1, blocks_since_reorg = 0 WHERE chain = ?').run(chain);
    return Number(changes);
  }

  return {
    submit(tx) {
      const known = db
        .prepare('SELECT body FROM transactions WHERE chain = ? AND id = ?')
        .get(chain, tx.id) as { body: string } | undefined;
      if (!isTransactionSigned(chain, tx))
        throw new Refused('wrong_signature', 'The signature is not the sender’s');
      const body = JSON.stringify(tx);
      if (known && known.body !== body)
        throw new Refused('id_taken', 'There is another transaction of that id');
      if (!known) {
        if (count("state IN ('pending', 'included')") >= MAX_WAITING)
          throw new Refused('too_many', `${MAX_WAITING} transactions wait already`);
        db.prepare("INSERT INTO transactions (chain, id, body, state) VALUES (?, ?, ?, 'pending')").run(
          chain,
          tx.id,
          body,
        );
      }
      return transaction(tx.id)!;
    },

    transaction,
    balance: state.balance,

    channel(id) {
      const row = state.channel(id);
      return (
        row && {
          id,
          from: row.payer,
          to: row.payee,
          publicKey: row.public_key,
          token: row.token,
          funded: String(row.funded),
          redeemed: String(row.redeemed),
          state: row.state,
          nonce: Number(row.nonce),
          amount: String(row.amount),
          closesAt: row.closes_at === null ? null : Number(row.closes_at),
          reason: row.reason,
        }
      );
    },

    status: () => ({
      chain,
      height: heightNow(),
      blockMs: rules.blockMs,
      fee: String(rules.feeUnits),
      confirmations: rules.confirmations,
      challengeBlocks: rules.challengeBlocks,
      reorgs: Number(meta().reorgs),
      waiting: count("state IN ('pending', 'included')"),
    }),

    produce() {
      if (now() < faults.stalledUntilMs) return;
      const height = heightNow();
      const hasWork =
        count("state IN ('pending', 'included')") > 0 ||
        db.prepare("SELECT 1 FROM channels WHERE chain = ? AND state IN ('closing', 'disputed')").get(chain);
      if (!hasWork) return;
      atomic(() => {
        const isReorgDue = rules.reorgEvery > 0 && meta().blocks_since_reorg >= BigInt(rules.reorgEvery);
        if (isReorgDue) takeBack();
        const { changes } = db
          .prepare(
            `UPDATE transactions SET state = 'included', block = ?1 WHERE number IN (
               SELECT number FROM transactions WHERE chain = ?2 AND state = 'pending' ORDER BY number LIMIT ?3)`,
          )
          .run(height, chain, MAX_BLOCK);
        if (Number(changes) > 0)
          db.prepare('UPDATE chains SET blocks_since_reorg = blocks_since_reorg + 1 WHERE chain = ?').run(
            chain,
          );
        const due = db
          .prepare(
            `SELECT number, body FROM transactions WHERE chain = ? AND state = 'included' AND block <= ?
             ORDER BY block, number`,
          )
          .all(chain, height - rules.confirmations) as Array<{ number: bigint; body: string }>;
        for (const { number, body } of due) execute(number, JSON.parse(body), height);
        state.closeDue(height);
        db.prepare(
          `DELETE FROM transactions WHERE chain = ?1 AND state IN ('final', 'failed')
           AND number <= (SELECT max(number) FROM transactions) - ?2`,
        ).run(chain, KEEP_FINISHED);
      });
    },

    reorganise: () => atomic(takeBack),

    inject({ failNext, stallMs }) {
      if (failNext !== undefined) faults.failNext = failNext;
      if (stallMs !== undefined) faults.stalledUntilMs = now() + stallMs;
    },

    audit: state.audit,
  };
}
