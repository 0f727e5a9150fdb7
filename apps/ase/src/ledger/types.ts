import type { LabelsOf, LedgerCounter } from '../../../../telemetry/catalogue.ts';
import type { WriteGathered } from './gathered.ts';

/**
 * `peer:<id>`, `wallet:<id>`, `payment:<id>`, `incoming:<id>`, `liquidity:<asset>`, `fees:<asset>`, `external:<asset>`.
 * Of settlement: `chain:<method>:<token>` what the ASE owns on a chain, `chainfees:<method>:<token>` what the chain took,
 * `channel:<id>` what is in a channel that it pays by, `claims:<id>` what it may still take out of a channel,
 * `settled:out:<peer>`, `settled:in:<peer>` and `settled:lost:<peer>` through which all settlements with a peer pass:
 * what we paid, what we got (or got back), and claims that turned out to be worth nothing.
 */
export type AccountId = `${AccountKind}:${string}`;
export type AccountKind =
  | 'peer'
  | 'wallet'
  | 'payment'
  | 'incoming'
  | 'liquidity'
  | 'fees'
  | 'external'
  | 'chain'
  | 'chainfees'
  | 'channel'
  | 'claims'
  | 'settled';

export interface AccountSpec {
  id: AccountId;
  assetCode: string;
  assetScale: number;
  /** The balance never goes below this; null means no limit. */
  minBalanceUnits: bigint | null;
  maxBalanceUnits: bigint | null;
}

export interface Account extends AccountSpec {
  /** Credits less debits of posted transfers. */
  balanceUnits: bigint;
  /** Reserved by pending transfers. */
  pendingDebitUnits: bigint;
  pendingCreditUnits: bigint;
  postedDebitUnits: bigint;
  postedCreditUnits: bigint;
}

/** One double entry: both accounts hold the same asset, so a leg sums to zero. */
export interface TransferLeg {
  debit: AccountId;
  credit: AccountId;
  /** 0 or more. */
  amountUnits: bigint;
}

export type TotalIncrement = {
  [N in LedgerCounter]: { quantity: N; labels: LabelsOf<N>; by: bigint };
}[LedgerCounter];

export interface Total {
  quantity: LedgerCounter;
  labels: Record<string, string>;
  value: bigint;
}

/** What may be done inside one atomic commit; every method throws a LedgerError and then nothing of it happened. */
export interface LedgerTx {
  openAccount(spec: AccountSpec): Account;
  account(id: AccountId): Account | undefined;
  /** First phase: reserve. The legs are taken or refused together. */
  prepare(transfer: { id: string; legs: readonly TransferLeg[]; expiresAtMs: number }): void;
  /** Second phase; a transfer that is no longer pending is a LedgerError of code `not_pending`. */
  post(id: string): void;
  void(id: string): void;
  /** Both phases at once. */
  transfer(transfer: { id: string; legs: readonly TransferLeg[] }): void;
  addTotal(increment: TotalIncrement): void;
  /**
   * Leaves `item` for the end of this commit, when `write` is called once with all that was left for it: one row, say, for
   * what many pieces of work note. Reads in this commit do not find it. `write` is known by being the same function each
   * time; when it throws, the whole commit fails.
   */
  gather<Item>(write: WriteGathered<Item>, item: Item): void;
  /** The wall clock of this commit: the time that its posted transfers carry as `posted_at_ms`. */
  readonly nowMs: number;
  /** The tables of other modules (payments, idempotency keys, …) in the same transaction. */
  sql: TxSql;
}

export interface TxSql {
  run(statement: string, ...parameters: SqlValue[]): { changes: number };
  get<Row>(statement: string, ...parameters: SqlValue[]): Row | undefined;
  all<Row>(statement: string, ...parameters: SqlValue[]): Row[];
}
/** SQLite integers are read as bigint, always. */
export type SqlValue = string | bigint | null | Uint8Array;

export interface Ledger {
  /** Makes a module's own tables at once, as `CREATE TABLE IF NOT EXISTS …`; call it before the first commit. */
  define(schema: string): void;
  /**
   * Runs `work` in the next group commit (all that came while the disk was busy) and resolves after it is on disk. A throw
   * undoes this work only. When the commit itself fails (disk full), all work of the group is undone and every
   * promise rejects with a LedgerError of code `unavailable`.
   */
  commit<T>(work: (tx: LedgerTx) => T): Promise<T>;
  /** Reads committed state. */
  read: Pick<LedgerTx, 'account'> & Pick<TxSql, 'get' | 'all'>;
  /** All accounts, or those of one kind. */
  accounts(kind?: AccountKind): Account[];
  totals(): Total[];
  /** Recomputes all that can be recomputed from the transfers and payments; empty when the books are right. */
  audit(): string[];
  close(): Promise<void>;
}
