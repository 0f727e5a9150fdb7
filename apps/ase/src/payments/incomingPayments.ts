import { randomUUID } from 'node:crypto';
import type { LineIds } from '../connector/correlation.ts';
import type { Log } from '../connector/services.ts';
import type { AssetRef } from '../connector/types.ts';
import type { Ledger, LedgerTx } from '../ledger/types.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';
import { PaymentsError } from './errors.ts';
import { bookEvent, countEvent, type PaymentEvent } from './events.ts';
import { type Page, type PageRequest, readPage } from './page.ts';

/** PENDING: nothing received yet. PROCESSING: a part received. */
type IncomingState = 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'EXPIRED';

export interface IncomingPayment {
  id: string;
  wallet: string;
  /** Null: any amount is welcome. */
  incomingUnits: bigint | null;
  receivedUnits: bigint;
  state: IncomingState;
  metadata: string | null;
  expiresAtMs: number;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface NewIncomingPayment {
  wallet: string;
  incomingUnits: bigint | null;
  metadata: string | null;
  expiresAtMs: number;
}

export type IncomingPayments = ReturnType<typeof createIncomingPayments>;

/** How many payments one commit of the expiry job may end. */
const EXPIRY_BATCH = 100;

/** The incoming payments of an ASE: rows in the ledger's database. */
export function createIncomingPayments(options: {
  ledger: Ledger;
  asset: AssetRef;
  metrics: OperatorMetrics;
  log: Log;
  nowMs?: () => number;
}) {
  const { ledger, asset, metrics, log } = options;
  const nowMs = options.nowMs ?? Date.now;

  function end(tx: LedgerTx, payment: IncomingPayment, state: 'COMPLETED' | 'EXPIRED'): PaymentEvent {
    tx.sql.run(
      'UPDATE incoming_payments SET state = ?, updated_at_ms = ? WHERE id = ?',
      state,
      BigInt(tx.nowMs),
      payment.id,
    );
    const outcome = state === 'COMPLETED' ? 'completed' : 'expired';
    const event: PaymentEvent = { direction: 'incoming', state: outcome, asset: asset.assetCode, units: 0n };
    bookEvent(tx, event);
    return event;
  }

  /** After the commit of an end state. */
  function tellEnd(payment: IncomingPayment, event: PaymentEvent, atMs: number, about: LineIds = {}): void {
    countEvent(metrics, event);
    const seconds = Math.max(0, atMs - payment.createdAtMs) / 1000;
    metrics.record('payment_duration_seconds', { direction: 'incoming' }, seconds);
    const { id, receivedUnits } = payment;
    const fields = { incomingPaymentId: id, state: event.state, receivedUnits: String(receivedUnits) };
    log.info({ ...about, ...fields }, 'Incoming payment ended');
  }

  return {
    create(tx: LedgerTx, spec: NewIncomingPayment): IncomingPayment {
      const createdAtMs = tx.nowMs;
      const payment: IncomingPayment = {
        id: randomUUID(),
        ...spec,
        receivedUnits: 0n,
        state: 'PENDING',
        createdAtMs,
        updatedAtMs: createdAtMs,
      };
      tx.sql.run(
        `INSERT INTO incoming_payments
           (id, wallet, incoming_units, received_units, state, metadata, expires_at_ms, created_at_ms, updated_at_ms)
         VALUES (?, ?, ?, 0, 'PENDING', ?, ?, ?, ?)`,
        payment.id,
        payment.wallet,
        payment.incomingUnits,
        payment.metadata,
        BigInt(payment.expiresAtMs),
        BigInt(createdAtMs),
        BigInt(createdAtMs),
      );
      return payment;
    },

    get: (id: string): IncomingPayment | undefined => toPayment(ledger.read.get<Row>(SELECT_BY_ID, id)),

    list(wallet: string, page: PageRequest): Page<IncomingPayment> {
      const { items, ...rest } = readPage<Row>(ledger, 'incoming_payments', wallet, page);
      return { ...rest, items: items.map((row) => toPayment(row)) };
    },

    /**
     * Ends a payment by its owner's wish; what it received stays received. Completing it twice changes nothing.
     * Returns the payment and what to do after the commit.
     */
    complete(tx: LedgerTx, id: string): { payment: IncomingPayment; afterCommit: () => void } {
      const payment = toPayment(tx.sql.get<Row>(SELECT_BY_ID, id));
      if (!payment) throw new PaymentsError('not_found', `No incoming payment ${id}`);
      if (payment.state === 'COMPLETED') return { payment, afterCommit: () => {} };
      if (payment.state === 'EXPIRED')
        throw new PaymentsError('invalid_state', 'This incoming payment has expired');
      const atMs = tx.nowMs;
      const event = end(tx, payment, 'COMPLETED');
      return {
        payment: { ...payment, state: 'COMPLETED', updatedAtMs: atMs },
        afterCommit: () => tellEnd(payment, event, atMs),
      };
    },

    /**
     * Adds received value in the commit that posts it, and completes the payment when it is full. Of what is too much
     * it may leave up to `mayLeaveUnits`. Throws when the payment may not receive that much now: then nothing of the
     * commit happens. Returns what it left, and what to do after the commit. `about` goes into the log line about its end.
     */
    credit(
      tx: LedgerTx,
      id: string,
      units: bigint,
      { mayLeaveUnits = 0n, about = {} }: { mayLeaveUnits?: bigint; about?: LineIds } = {},
    ): { leftUnits: bigint; afterCommit: () => void } {
      const payment = toPayment(tx.sql.get<Row>(SELECT_BY_ID, id));
      if (!payment || !isOpen(payment))
        throw new PaymentsError('invalid_state', 'This incoming payment has ended');
      const sumUnits = payment.receivedUnits + units;
      const excessUnits = payment.incomingUnits === null ? 0n : sumUnits - payment.incomingUnits;
      if (excessUnits > mayLeaveUnits) {
        throw new PaymentsError(
          'invalid_state',
          'This incoming payment would receive more than it asked for',
        );
      }
      const atMs = tx.nowMs;
      const leftUnits = excessUnits > 0n ? excessUnits : 0n;
      const receivedUnits = sumUnits - leftUnits;
      const isFull = receivedUnits === payment.incomingUnits;
      tx.sql.run(
        'UPDATE incoming_payments SET received_units = ?, state = ?, updated_at_ms = ? WHERE id = ?',
        receivedUnits,
        isFull ? 'COMPLETED' : 'PROCESSING',
        BigInt(atMs),
        id,
      );
      const event: PaymentEvent = {
        direction: 'incoming',
        ...(isFull && { state: 'completed' }),
        asset: asset.assetCode,
        units: units - leftUnits,
      };
      bookEvent(tx, event);
      const afterCommit = () =>
        isFull ? tellEnd({ ...payment, receivedUnits }, event, atMs, about) : countEvent(metrics, event);
      return { leftUnits, afterCommit };
    },

    /** Ends the open payments whose time is over. Returns how many. */
    async expireDue(): Promise<number> {
      const atMs = nowMs();
      const due = ledger.read.all<Row>(
        `SELECT * FROM incoming_payments WHERE state IN ('PENDING', 'PROCESSING') AND expires_at_ms <= ?
         ORDER BY expires_at_ms LIMIT ${EXPIRY_BATCH}`,
        BigInt(atMs),
      );
      if (due.length === 0) return 0;
      const ended = await ledger.commit((tx) =>
        due.flatMap(({ id }) => {
          // It may have been completed since the look above.
          const payment = toPayment(tx.sql.get<Row>(SELECT_BY_ID, id));
          return payment && isOpen(payment) ? [{ payment, event: end(tx, payment, 'EXPIRED') }] : [];
        }),
      );
      for (const { payment, event } of ended) tellEnd(payment, event, atMs);
      return ended.length;
    },
  };
}

export const isOpen = ({ state }: IncomingPayment): boolean => state === 'PENDING' || state === 'PROCESSING';

const SELECT_BY_ID = 'SELECT * FROM incoming_payments WHERE id = ?';

interface Row {
  seq: bigint;
  id: string;
  wallet: string;
  incoming_units: bigint | null;
  received_units: bigint;
  state: IncomingState;
  metadata: string | null;
  expires_at_ms: bigint;
  created_at_ms: bigint;
  updated_at_ms: bigint;
}

function toPayment(row: Row): IncomingPayment;
function toPayment(row: Row | undefined): IncomingPayment | undefined;
function toPayment(row: Row | undefined): IncomingPayment | undefined {
  return (
    row && {
      id: row.id,
      wallet: row.wallet,
      incomingUnits: row.incoming_units,
      receivedUnits: row.received_units,
      state: row.state,
      metadata: row.metadata,
      expiresAtMs: Number(row.expires_at_ms),
      createdAtMs: Number(row.created_at_ms),
      updatedAtMs: Number(row.updated_at_ms),
    }
  );
}
