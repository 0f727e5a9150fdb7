import { LIQUIDITY_UNITS } from '../../../apps/ase/src/connector/connector.ts';
import { createLedger } from '../../../apps/ase/src/ledger/ledger.ts';
import type {
  AccountId,
  AccountSpec,
  LedgerTx,
  TotalIncrement,
  TxSql,
} from '../../../apps/ase/src/ledger/types.ts';
import { definePaymentTables } from '../../../apps/ase/src/payments/tables.ts';
import { type Ase, CREDIT_LIMIT_UNITS, OPENING_UNITS, WALLETS } from '../topology.ts';
import { countersOf } from './counters.ts';
import { uuidOf } from './ids.ts';
import type { PastPayment } from './plan.ts';

/** Payments that the audit looks at one by one keep their own, empty accounts. */
const WITH_ACCOUNT = 1000;
const FREE = { minBalanceUnits: null, maxBalanceUnits: null };
const OWNED = { minBalanceUnits: 0n, maxBalanceUnits: null };
const HOUR_MS = 3_600_000;
const QUOTE_TTL_MS = 300_000;

/**
 * Writes a past into the ledger file of an ASE that has never run: payments with their events, accounts with what
 * passed them, durable totals. Of the transfers only their sums are kept, as after they have been folded away.
 * @param urlOf the public URL of an ASE, which payments are named by
 */
export async function writeBooks(
  file: string,
  { ase, urlOf }: { ase: Ase; urlOf: (name: string) => string },
  payments: readonly PastPayment[],
): Promise<void> {
  const ledger = createLedger({ file });
  try {
    // Nobody else has the file, and a half-made one is thrown away: it need not survive a power cut meanwhile.
    ledger.define('PRAGMA synchronous = OFF; PRAGMA cache_size = -131072');
    definePaymentTables(ledger);
    const accounts = new Accounts(ase);
    open(accounts, ase);
    await ledger.commit(({ sql }) => {
      const outgoing = payments.filter(({ from }) => from === ase.name);
      const withAccount = new Set(outgoing.slice(-WITH_ACCOUNT).map(({ index }) => index));
      for (const payment of payments) {
        if (payment.from === ase.name) {
          book(accounts, ase, payment, withAccount.has(payment.index));
          insertOutgoing(sql, ase, payment, urlOf);
        } else {
          bookReceived(accounts, ase, payment);
          insertIncoming(sql, ase, payment);
        }
      }
    });
    await ledger.commit((tx) => {
      accounts.create(tx);
      for (const [counter, value] of countersOf(ase, payments)) {
        if (value > 0n) tx.addTotal({ ...counter, by: value } as TotalIncrement);
      }
    });
    await ledger.commit(({ sql }) => accounts.save(sql));
  } finally {
    await ledger.close();
  }
}

/** What ASEs do by themselves on a first start, in the same words. */
function open(accounts: Accounts, ase: Ase): void {
  const { assetCode } = ase;
  accounts.open(`fees:${assetCode}`, assetCode, OWNED);
  accounts.open(`external:${assetCode}`, assetCode, FREE);
  for (const wallet of WALLETS) {
    accounts.open(`wallet:${wallet}`, assetCode, OWNED);
    accounts.move(`external:${assetCode}`, `wallet:${wallet}`, BigInt(OPENING_UNITS));
  }
  for (const code of new Set([assetCode, ...ase.peers.map((peer) => peer.assetCode)])) {
    accounts.open(`external:${code}`, code, FREE);
    accounts.open(`liquidity:${code}`, code, OWNED);
    accounts.move(`external:${code}`, `liquidity:${code}`, LIQUIDITY_UNITS);
  }
  for (const peer of ase.peers) {
    accounts.open(`peer:${peer.id}`, peer.assetCode, {
      minBalanceUnits: -BigInt(CREDIT_LIMIT_UNITS),
      maxBalanceUnits: null,
    });
  }
}

/** Funded from the wallet, sent to the peer, the fee kept. */
function book(accounts: Accounts, ase: Ase, payment: PastPayment, hasAccount: boolean): void {
  const { assetCode } = ase;
  const wallet: AccountId = `wallet:${payment.payer}`;
  const peer: AccountId = `peer:${payment.to}`;
  // The account of a payment is empty at its end; what passed an account that is not kept went straight.
  const own: AccountId = hasAccount ? `payment:${uuidOf('outgoing', payment)}` : wallet;
  if (hasAccount) {
    accounts.open(own, assetCode, OWNED);
    accounts.move(wallet, own, payment.debitUnits);
  }
  accounts.move(own, `fees:${assetCode}`, payment.feeUnits);
  accounts.convey(own, assetCode, payment.sentUnits, peer, peerAsset(ase), payment.settledUnits);
}

function bookReceived(accounts: Accounts, ase: Ase, payment: PastPayment): void {
  const peer: AccountId = `peer:${payment.from}`;
  const wallet: AccountId = `wallet:${payment.payee}`;
  accounts.convey(peer, peerAsset(ase), payment.settledUnits, wallet, ase.assetCode, payment.receivedUnits);
}

function peerAsset({ peers }: Ase): string {
  return peers[0]!.assetCode;
}

/** Accounts in memory, written once at the end. */
class Accounts {
  readonly #scale: number;
  readonly #specs: AccountSpec[] = [];
  readonly #moved = new Map<AccountId, { debit: bigint; credit: bigint }>();

  constructor({ assetScale }: Ase) {
    this.#scale = assetScale;
  }

  open(
    id: AccountId,
    assetCode: string,
    limits: { minBalanceUnits: bigint | null; maxBalanceUnits: bigint | null },
  ): void {
    if (this.#moved.has(id)) return;
    this.#specs.push({ id, assetCode, assetScale: this.#scale, ...limits });
    this.#moved.set(id, { debit: 0n, credit: 0n });
  }

  move(from: AccountId, to: AccountId, units: bigint): void {
    this.#of(from).debit += units;
    this.#of(to).credit += units;
  }

  /** Within one asset straight, between two through the ASE's liquidity. */
  convey(
    from: AccountId,
    fromAsset: string,
    fromUnits: bigint,
    to: AccountId,
    toAsset: string,
    toUnits: bigint,
  ): void {
    if (fromAsset === toAsset) this.move(from, to, fromUnits);
    else {
      this.move(from, `liquidity:${fromAsset}`, fromUnits);
      this.move(`liquidity:${toAsset}`, to, toUnits);
    }
  }

  /** Opens them all, empty. */
  create(tx: LedgerTx): void {
    for (const spec of this.#specs) tx.openAccount(spec);
  }

  /** Fills them, in a commit of its own. */
  save(sql: TxSql): void {
    for (const [id, { debit, credit }] of this.#moved) {
      sql.run(
        `UPDATE accounts SET posted_debit_units = ?1, posted_credit_units = ?2, folded_debit_units = ?1,
         folded_credit_units = ?2 WHERE id = ?3`,
        debit,
        credit,
        id,
      );
    }
  }

  #of(id: AccountId): { debit: bigint; credit: bigint } {
    const found = this.#moved.get(id);
    if (!found) throw new Error(`There is no account ${id}`);
    return found;
  }
}

function insertOutgoing(sql: TxSql, ase: Ase, payment: PastPayment, urlOf: (name: string) => string): void {
  const { atMs, payer, debitUnits, feeUnits, sentUnits, receivedUnits, to } = payment;
  const at = BigInt(atMs);
  const createdAt = at - 50n;
  const [id, quoteId] = [uuidOf('outgoing', payment), uuidOf('quote', payment)];
  const [receiveAsset, ratio] = ase.assetCode === 'USD' ? ['EUR', '100 110'] : ['USD', '110 100'];
  sql.run(
    `INSERT INTO quotes (id, wallet, receiver, debit_units, fee_units, receive_units, receive_asset_code,
       receive_asset_scale, path, payment_id, expires_at_ms, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    quoteId,
    payer,
    `${urlOf(to)}/incoming-payments/${uuidOf('incoming', payment)}`,
    debitUnits,
    feeUnits,
    receivedUnits,
    receiveAsset!,
    BigInt(ase.assetScale),
    `${ratio} ${ratio} 9000`,
    id,
    createdAt + BigInt(QUOTE_TTL_MS),
    createdAt,
  );
  sql.run(
    `INSERT INTO outgoing_payments (id, wallet, quote_id, state, sent_units, fee_units, received_before_units,
       attempts, next_attempt_at_ms, created_at_ms, updated_at_ms)
     VALUES (?, ?, ?, 'COMPLETED', ?, ?, 0, 0, ?, ?, ?)`,
    id,
    payer,
    quoteId,
    sentUnits,
    feeUnits,
    createdAt,
    createdAt,
    at,
  );
  insertEvent(sql, at, 'outgoing', ase.assetCode, sentUnits);
}

function insertIncoming(sql: TxSql, ase: Ase, payment: PastPayment): void {
  const at = BigInt(payment.atMs);
  const createdAt = at - 80n;
  sql.run(
    `INSERT INTO incoming_payments (id, wallet, incoming_units, received_units, state, expires_at_ms, created_at_ms,
       updated_at_ms)
     VALUES (?, ?, NULL, ?, 'COMPLETED', ?, ?, ?)`,
    uuidOf('incoming', payment),
    payment.payee,
    payment.receivedUnits,
    createdAt + BigInt(24 * HOUR_MS),
    createdAt,
    at,
  );
  insertEvent(sql, at, 'incoming', ase.assetCode, payment.receivedUnits);
}

function insertEvent(sql: TxSql, at: bigint, direction: string, asset: string, units: bigint): void {
  sql.run(
    `INSERT INTO payment_events (at_ms, direction, state, asset, units) VALUES (?, ?, 'completed', ?, ?)`,
    at,
    direction,
    asset,
    units,
  );
}
