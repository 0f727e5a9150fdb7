import { randomUUID } from 'node:crypto';
import type { AssetRef } from '../connector/types.ts';
import type { AccountId, Ledger, LedgerTx } from '../ledger/types.ts';
import type { MeasuredIn } from '../telemetry/exemplars.ts';
import type { NetworkTelemetry } from '../telemetry/network/network.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';
import type { Endings } from './endings.ts';
import { PaymentsError } from './errors.ts';
import { bookEvent, countEvent, type PaymentEvent } from './events.ts';
import { type Page, type PageRequest, readPage } from './page.ts';
import { fund, paymentAccount, sentSoFar, walletAccount } from './paymentAccounts.ts';
import { lesser } from './quoteMath.ts';
import { type Quote, readQuote } from './quotes.ts';

/** FUNDING: the money is on the payment's own account and waits for the worker. */
type OutgoingState = 'FUNDING' | 'SENDING' | 'COMPLETED' | 'FAILED';

export interface OutgoingPayment {
  id: string;
  quote: Quote;
  state: OutgoingState;
  /** In the sender's asset, without the fee. */
  sentUnits: bigint;
  /** What the quote says; at the end of the payment what was taken. */
  feeUnits: bigint;
  /** What the receiver had when sending began; null before. */
  receivedBeforeUnits: bigint | null;
  /** Attempts that failed since value moved last. */
  attempts: number;
  failure: string | null;
  metadata: string | null;
  createdAtMs: number;
  updatedAtMs: number;
}

export type OutgoingPayments = ReturnType<typeof createOutgoingPayments>;

/** The outgoing payments of an ASE and their state machine: every step is one commit, together with its money. */
export function createOutgoingPayments(options: {
  ledger: Ledger;
  asset: AssetRef;
  feeAccount: AccountId;
  metrics: OperatorMetrics;
  /** Left out: the network is told nothing. */
  network?: Pick<NetworkTelemetry, 'transaction' | 'note' | 'count'> | undefined;
  /** Hears of every end; left out: nobody waits for one. */
  endings?: Pick<Endings, 'tell'>;
}) {
  const { ledger, asset, feeAccount, metrics, network, endings } = options;

  function toPayment(row: Row): OutgoingPayment {
    const quote = readQuote(ledger.read, row.quote_id);
    if (!quote) throw new Error(`Outgoing payment ${row.id} has lost its quote`);
    return {
      id: row.id,
      quote,
      state: row.state,
      // While the payment runs, its account says what has left it.
      sentUnits: row.sent_units ?? sentSoFar(ledger.read, row.id, quote),
      feeUnits: row.fee_units ?? quote.feeUnits,
      receivedBeforeUnits: row.received_before_units,
      attempts: Number(row.attempts),
      failure: row.failure,
      metadata: row.metadata,
      createdAtMs: Number(row.created_at_ms),
      updatedAtMs: Number(row.updated_at_ms),
    };
  }

  return {
    /**
     * Creates a payment and moves its money from the wallet to its own account, in state FUNDING. Throws a
     * PaymentsError when the quote is unknown, of another wallet, expired or used, or the wallet has too little.
     */
    create(
      tx: LedgerTx,
      spec: { wallet: string; quoteId: string; metadata: string | null },
    ): OutgoingPayment {
      const createdAtMs = tx.nowMs;
      const quote = readQuote(tx.sql, spec.quoteId);
      if (!quote) throw new PaymentsError('invalid_request', 'names no quote', 'quoteId');
      if (quote.wallet !== spec.wallet) {
        throw new PaymentsError('invalid_request', 'names a quote of another wallet', 'quoteId');
      }
      if (quote.expiresAtMs <= createdAtMs)
        throw new PaymentsError('quote_expired', 'has expired', 'quoteId');
      const id = randomUUID();
      const used = tx.sql.run(
        'UPDATE quotes SET payment_id = ? WHERE id = ? AND payment_id IS NULL',
        id,
        quote.id,
      );
      if (used.changes === 0) throw new PaymentsError('quote_used', 'has been paid already', 'quoteId');
      fund(tx, id, quote, asset);
      tx.sql.run(
        `INSERT INTO outgoing_payments
           (id, wallet, quote_id, state, attempts, next_attempt_at_ms, metadata, created_at_ms, updated_at_ms)
         VALUES (?, ?, ?, 'FUNDING', 0, ?, ?, ?, ?)`,
        id,
        spec.wallet,
        quote.id,
        BigInt(createdAtMs),
        spec.metadata,
        BigInt(createdAtMs),
        BigInt(createdAtMs),
      );
      return {
        id,
        quote,
        state: 'FUNDING',
        sentUnits: 0n,
        feeUnits: quote.feeUnits,
        receivedBeforeUnits: null,
        attempts: 0,
        failure: null,
        metadata: spec.metadata,
        createdAtMs,
        updatedAtMs: createdAtMs,
      };
    },

    get(id: string): OutgoingPayment | undefined {
      const row = ledger.read.get<Row>('SELECT * FROM outgoing_payments WHERE id = ?', id);
      return row && toPayment(row);
    },

    list(wallet: string, page: PageRequest): Page<OutgoingPayment> {
      const { items, ...rest } = readPage<Row>(ledger, 'outgoing_payments', wallet, page);
      return { ...rest, items: items.map(toPayment) };
    },

    /** Ids of payments that want work at this time, oldest first. */
    dueAt: (atMs: number, limit: number): string[] =>
      ledger.read
        .all<{ id: string }>(
          `SELECT id FROM outgoing_payments WHERE state IN ('FUNDING', 'SENDING') AND next_attempt_at_ms <= ?
           ORDER BY next_attempt_at_ms, seq LIMIT ?`,
          BigInt(atMs),
          BigInt(limit),
        )
        .map(({ id }) => id),

    /** When the first payment that is not due at this time will be; undefined when there is none. */
    nextDueAfter(atMs: number): number | undefined {
      const row = ledger.read.get<{ at: bigint | null }>(
        `SELECT MIN(next_attempt_at_ms) AS at FROM outgoing_payments
         WHERE state IN ('FUNDING', 'SENDING') AND next_attempt_at_ms > ?`,
        BigInt(atMs),
      );
      return row?.at == null ? undefined : Number(row.at);
    },

    inFlight: (): number =>
      Number(
        ledger.read.get<{ count: bigint }>(
          "SELECT COUNT(*) AS count FROM outgoing_payments WHERE state IN ('FUNDING', 'SENDING')",
        )?.count ?? 0n,
      ),

    /** FUNDING → SENDING. Keeps what the receiver had before, so that a resumed payment knows its own part. */
    start: (payment: OutgoingPayment, receivedBeforeUnits: bigint): Promise<void> =>
      ledger.commit((tx) => {
        tx.sql.run(
          `UPDATE outgoing_payments SET state = 'SENDING', received_before_units = ?, updated_at_ms = ?
           WHERE id = ? AND state = 'FUNDING'`,
          receivedBeforeUnits,
          BigInt(tx.nowMs),
          payment.id,
        );
      }),

    /** Plans another attempt. `attempts` counts those that failed since value moved last. */
    retryLater: (payment: OutgoingPayment, attempts: number, delayMs: number): Promise<void> =>
      ledger.commit((tx) => {
        tx.sql.run(
          'UPDATE outgoing_payments SET attempts = ?, next_attempt_at_ms = ?, updated_at_ms = ? WHERE id = ?',
          BigInt(attempts),
          BigInt(tx.nowMs + delayMs),
          BigInt(tx.nowMs),
          payment.id,
        );
      }),

    /**
     * The end state, once: the fee of a completed payment to the fees account, all that is left to the wallet.
     * A failed payment pays no fee. Throws when packets of the payment are still under way.
     */
    async end(
      payment: OutgoingPayment,
      state: 'COMPLETED' | 'FAILED',
      failure: string | null,
      span?: MeasuredIn,
    ): Promise<void> {
      const event = await ledger.commit((tx) => {
        const atMs = tx.nowMs;
        const { id, quote } = payment;
        const account = tx.account(paymentAccount(id));
        if (!account || account.pendingDebitUnits > 0n)
          throw new Error(`Payment ${id} has packets under way`);
        // Rounding may have taken a part of the fee.
        const feeUnits = state === 'COMPLETED' ? lesser(account.balanceUnits, quote.feeUnits) : 0n;
        const legs = [
          { debit: account.id, credit: feeAccount, amountUnits: feeUnits },
          {
            debit: account.id,
            credit: walletAccount(quote.wallet),
            amountUnits: account.balanceUnits - feeUnits,
          },
        ].filter((leg) => leg.amountUnits > 0n);
        if (legs.length > 0) tx.transfer({ id: `payment-end:${id}`, legs });
        const sentUnits = quote.debitUnits - account.balanceUnits;
        const { changes } = tx.sql.run(
          `UPDATE outgoing_payments SET state = ?, sent_units = ?, fee_units = ?, failure = ?, updated_at_ms = ?
           WHERE id = ? AND state IN ('FUNDING', 'SENDING')`,
          state,
          sentUnits,
          feeUnits,
          failure,
          BigInt(atMs),
          id,
        );
        if (changes !== 1) throw new Error(`Payment ${id} has ended before`);
        const outcome = state === 'COMPLETED' ? 'completed' : 'failed';
        const ended: PaymentEvent = {
          direction: 'outgoing',
          state: outcome,
          asset: asset.assetCode,
          units: sentUnits,
        };
        bookEvent(tx, ended);
        const told = sentUnits > 0n ? network?.transaction(asset, feeUnits) : undefined;
        if (told) network?.note(tx, told);
        return { ended, told, seconds: Math.max(0, atMs - payment.createdAtMs) / 1000 };
      });
      endings?.tell(payment.id);
      countEvent(metrics, event.ended);
      if (event.told) network?.count(event.told);
      metrics.record('payment_duration_seconds', { direction: 'outgoing' }, event.seconds, span);
    },
  };
}

export const isUnderWay = ({ state }: OutgoingPayment): boolean => state === 'FUNDING' || state === 'SENDING';

interface Row {
  seq: bigint;
  id: string;
  quote_id: string;
  state: OutgoingState;
  sent_units: bigint | null;
  fee_units: bigint | null;
  received_before_units: bigint | null;
  attempts: bigint;
  failure: string | null;
  metadata: string | null;
  created_at_ms: bigint;
  updated_at_ms: bigint;
}
