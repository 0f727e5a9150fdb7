import { serializeIlpReject } from 'ilp-packet';
import { aboutPayment } from '../connector/correlation.ts';
import type { Log } from '../connector/services.ts';
import type { Ledger } from '../ledger/types.ts';
import type { TraceSpan, Tracing } from '../tracing/tracing.ts';
import { within } from '../within.ts';
import { PaymentsError } from './errors.ts';
import { isUnderWay, type OutgoingPayment, type OutgoingPayments } from './outgoingPayments.ts';
import type { Plugin } from './pathProbe.ts';
import { paymentAccount } from './paymentAccounts.ts';
import { createPaymentSpans } from './paymentSpans.ts';
import { lesser, multiplyDown } from './quoteMath.ts';
import type { Receiver, Receivers } from './receivers.ts';
import { sendByStream } from './streamPayment.ts';

export interface OutgoingWorker {
  /** Takes up every unfinished payment; call it once, after the connector has recovered its packets. */
  start(): void;
  /** Tells of a new payment, so that it waits for nothing. */
  wake(): void;
  /** Takes up nothing more and resolves when what runs has stopped, or after `boundMs`. */
  stop(boundMs: number): Promise<void>;
}

export interface OutgoingWorkerOptions {
  ledger: Pick<Ledger, 'read'>;
  payments: OutgoingPayments;
  receivers: Receivers;
  pluginFor: PluginFor;
  /** Left out: nothing is traced. */
  tracing?: Pick<Tracing, 'resume'> | undefined;
  /** Told how long it took to send a payment, in milliseconds. */
  onSent?: ((milliseconds: number) => void) | undefined;
  log: Log;
  concurrency?: number;
  /** Delay before attempt n + 1, by n. */
  backoffMs?: (attempts: number) => number;
}

/** Packets of one payment, with their spans in `span` if there is one. */
export type PluginFor = (paymentId: string, span?: TraceSpan) => Plugin;

const CONCURRENCY = 20;
/** Attempts in a row that move no value: with the delays below about six minutes. */
export const MAX_ATTEMPTS = 75;
/** Short, so that a payment goes on soon after its receiver is back, however long that was away. */
const LONGEST_DELAY_MS = 5_000;
/** Delay in milliseconds before the next attempt, after so many in a row that moved nothing. */
export const backoffAfterMs = (attempts: number): number => Math.min(LONGEST_DELAY_MS, 250 * 2 ** attempts);
/** After trouble with the ledger itself, which is no fault of the payment and counts no attempt. */
const LEDGER_RETRY_MS = 1_000;

/** Until packets of an earlier attempt are looked at again. */
const WAITING_MS = 500;

/** Runs outgoing payments to their end state, several at a time, across restarts. */
export function createOutgoingWorker(options: OutgoingWorkerOptions): OutgoingWorker {
  const { payments, log } = options;
  const concurrency = options.concurrency ?? CONCURRENCY;
  const backoffMs = options.backoffMs ?? backoffAfterMs;
  const running = new Map<string, Promise<void>>();
  const spans = createPaymentSpans(options);
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;

  /** Fills the free places. Everything it needs to know is in the database, so no queue can grow or be lost. */
  function fill(): void {
    clearTimeout(timer);
    if (stopped) return;
    try {
      // One time for both questions: a payment that becomes due between them would be in neither answer.
      const nowMs = Date.now();
      const ids = payments.dueAt(nowMs, concurrency + running.size).filter((id) => !running.has(id));
      for (const id of ids.slice(0, concurrency - running.size)) take(id);
      const nextAtMs = payments.nextDueAfter(nowMs);
      if (nextAtMs !== undefined) timer = setTimeout(fill, Math.min(nextAtMs - nowMs, LONGEST_DELAY_MS));
    } catch (error) {
      log.warn({ err: error }, 'Cannot look for payments to send');
      timer = setTimeout(fill, LEDGER_RETRY_MS);
    }
  }

  function take(id: string): void {
    const work = runOnce(id)
      .catch((error) => {
        log.warn({ err: error, correlationId: id }, 'A payment attempt failed; it will be tried again');
        return waitUnlessStopped(LEDGER_RETRY_MS);
      })
      .finally(() => {
        running.delete(id);
        fill();
      });
    running.set(id, work);
  }

  async function runOnce(id: string): Promise<void> {
    const payment = payments.get(id);
    if (!payment || !isUnderWay(payment)) return;
    const outcome = await attempt(
      { ...options, pluginFor: stoppable(options.pluginFor, () => stopped) },
      payment,
      spans.of(payment),
    );
    if (outcome.kind === 'completed') return finish(payment, 'COMPLETED', null);
    // The next start takes it up as it stands.
    if (stopped) return;
    const moved = (payments.get(id)?.sentUnits ?? 0n) > payment.sentUnits;
    const attempts = outcome.kind === 'waiting' ? payment.attempts : (moved ? 0 : payment.attempts) + 1;
    if (outcome.kind === 'failed' || attempts >= MAX_ATTEMPTS) {
      return finish(payment, 'FAILED', outcome.reason);
    }
    const about = aboutPayment(id, spans.of(payment));
    log.warn({ ...about, attempts, reason: outcome.reason }, 'Payment is not through yet');
    return payments.retryLater(
      payment,
      attempts,
      outcome.kind === 'waiting' ? WAITING_MS : backoffMs(attempts),
    );
  }

  async function finish(payment: OutgoingPayment, state: 'COMPLETED' | 'FAILED', failure: string | null) {
    const span = spans.of(payment);
    const commit = span?.span('ledger.commit');
    await payments.end(payment, state, failure, span).finally(() => commit?.end());
    spans.end(payment, state);
    const durationMs = Math.max(0, Date.now() - payment.createdAtMs);
    const fields = { state, durationMs, ...(failure !== null && { failure }) };
    log.info({ ...aboutPayment(payment.id, span), ...fields }, 'Payment ended');
  }

  function waitUnlessStopped(ms: number): Promise<void> {
    return stopped ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
  }

  return {
    start() {
      stopped = false;
      fill();
    },
    wake: fill,
    async stop(boundMs) {
      stopped = true;
      clearTimeout(timer);
      await within(boundMs, Promise.allSettled(running.values()));
      spans.leave();
    },
  };
}

/** Once stopped, packets are refused for good, which makes the STREAM sender end without sending more. */
const stoppable =
  (
    pluginFor: OutgoingWorkerOptions['pluginFor'],
    isStopped: () => boolean,
  ): OutgoingWorkerOptions['pluginFor'] =>
  (paymentId, span) => {
    const plugin = pluginFor(paymentId, span);
    return { sendData: async (prepare) => (isStopped() ? STOPPING : plugin.sendData(prepare)) };
  };
const STOPPING = serializeIlpReject({
  code: 'F00',
  triggeredBy: '',
  message: 'stopping',
  data: Buffer.alloc(0),
});

type AttemptOutcome =
  | { kind: 'completed' }
  | { kind: 'failed'; reason: string }
  | { kind: 'retry'; reason: string }
  /** Packets of an earlier attempt have no answer yet. */
  | { kind: 'waiting'; reason: string };

async function attempt(
  options: OutgoingWorkerOptions,
  payment: OutgoingPayment,
  span: TraceSpan | undefined,
): Promise<AttemptOutcome> {
  const account = options.ledger.read.account(paymentAccount(payment.id));
  if (!account) return { kind: 'failed', reason: 'The account of the payment is missing' };
  if (account.pendingDebitUnits > 0n) return { kind: 'waiting', reason: 'Packets are still under way' };

  let receiver: Receiver;
  const asking = span?.span('receiver.get', { kind: 'client' });
  try {
    // The quote has just looked; should that be out of date, the packets say so, and the next attempt looks itself.
    const orLately = payment.state === 'FUNDING' && payment.attempts === 0;
    receiver = await options.receivers.get(payment.quote.receiver, { orLately });
  } catch (error) {
    if (!(error instanceof PaymentsError)) throw error;
    const reason = `receiver ${error.message}`;
    return error.code === 'receiver_unavailable' ? { kind: 'retry', reason } : { kind: 'failed', reason };
  } finally {
    asking?.end();
  }
  const receivedBeforeUnits = payment.receivedBeforeUnits ?? receiver.receivedUnits;
  const deliverUnits = missingUnits(payment, receiver, receivedBeforeUnits);
  if (deliverUnits <= 0n) {
    return payment.sentUnits > 0n
      ? { kind: 'completed' }
      : { kind: 'failed', reason: 'The receiver has what it asked for already' };
  }
  if (receiver.completed || isOver(receiver))
    return { kind: 'failed', reason: 'The receiver was completed or expired' };
  const maxSourceUnits = account.balanceUnits - payment.quote.feeUnits + roundingReserve(payment);
  if (maxSourceUnits <= 0n) return { kind: 'failed', reason: 'All was sent and too little arrived' };

  // Not waited for: commits keep their order, so that no packet's can come before this one's.
  const starting = start(options, payment, { receivedBeforeUnits, span });
  const startedMs = performance.now();
  const sending = sendByStream(options.pluginFor(payment.id, span), {
    receiver,
    path: payment.quote.path,
    maxSourceUnits,
    deliverUnits,
  });
  const [result] = await Promise.all([sending, starting]);
  if (result.delivered) {
    options.onSent?.(performance.now() - startedMs);
    return { kind: 'completed' };
  }
  return { kind: result.isFinal ? 'failed' : 'retry', reason: result.reason };
}

/** Says in the books that packets go out from here on, and what the receiver had before them. */
async function start(
  { payments, log }: OutgoingWorkerOptions,
  payment: OutgoingPayment,
  { receivedBeforeUnits, span }: { receivedBeforeUnits: bigint; span: TraceSpan | undefined },
): Promise<void> {
  if (payment.state !== 'FUNDING') return;
  await payments.start(payment, receivedBeforeUnits);
  log.info(aboutPayment(payment.id, span), 'Payment is being sent');
}

/**
 * Every attempt that ends early costs a little rounding. That is paid out of the fee, so that the sender pays no
 * more than the quote says and the receiver still gets all that it says.
 */
function roundingReserve({ sentUnits, quote }: OutgoingPayment): bigint {
  return sentUnits > 0n ? lesser(quote.feeUnits, MAX_ROUNDING_UNITS) : 0n;
}
const MAX_ROUNDING_UNITS = 50n;

const isOver = ({ expiresAtMs }: Receiver): boolean => expiresAtMs !== null && expiresAtMs <= Date.now();

/**
 * What this payment has still to deliver. Its own part of what the receiver got since the start cannot be more
 * than what its sent units could yield, so others who pay the same receiver are not taken for it; and it never
 * exceeds what the receiver still takes.
 */
export function missingUnits(
  { quote, sentUnits }: Pick<OutgoingPayment, 'quote' | 'sentUnits'>,
  receiver: Pick<Receiver, 'incomingUnits' | 'receivedUnits'>,
  receivedBeforeUnits: bigint,
): bigint {
  const receivedSince = receiver.receivedUnits - receivedBeforeUnits;
  const atMost = multiplyDown(sentUnits, quote.path.high);
  const ownUnits = lesser(receivedSince, atMost);
  const missing = quote.receiveUnits - ownUnits;
  if (receiver.incomingUnits === null) return missing;
  const receiverMisses = receiver.incomingUnits - receiver.receivedUnits;
  return lesser(missing, receiverMisses);
}
