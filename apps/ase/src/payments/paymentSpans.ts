import type { Ledger } from '../ledger/types.ts';
import type { TraceSpan, Tracing } from '../tracing/tracing.ts';
import type { OutgoingPayment } from './outgoingPayments.ts';
import { findTrace } from './paymentTraces.ts';

/** The spans of the payments that a worker has in hand, over all attempts. */
export interface PaymentSpans {
  /** Of this payment; undefined when its quote was not traced, or there are too many. */
  of(payment: OutgoingPayment): TraceSpan | undefined;
  end(payment: OutgoingPayment, state: 'COMPLETED' | 'FAILED'): void;
  /** The worker stops: what is under way ends here as `interrupted`, and goes on with another span. */
  leave(): void;
}

const MAX_SPANS = 1_000;

export function createPaymentSpans({
  ledger,
  tracing,
}: {
  ledger: Pick<Ledger, 'read'>;
  tracing?: Pick<Tracing, 'resume'> | undefined;
}): PaymentSpans {
  const spans = new Map<string, TraceSpan>();

  function begin({ id, quote, createdAtMs }: OutgoingPayment): TraceSpan | undefined {
    if (!tracing || spans.size >= MAX_SPANS) return undefined;
    const traceparent = findTrace(ledger.read, quote.id);
    const span =
      traceparent === undefined
        ? undefined
        : tracing.resume(traceparent)?.span('payment', {
            startedAtMs: createdAtMs,
            attributes: {
              'payment.id': id,
              'payment.direction': 'outgoing',
              'quote.id': quote.id,
              'ilp.amount': String(quote.debitUnits - quote.feeUnits),
            },
          });
    if (span) spans.set(id, span);
    return span;
  }

  return {
    of: (payment) => spans.get(payment.id) ?? begin(payment),
    end({ id }, state) {
      const span = spans.get(id);
      spans.delete(id);
      span?.set({ 'payment.state': state });
      span?.end(state === 'FAILED' ? 'payment_failed' : undefined);
    },
    leave() {
      for (const span of spans.values()) span.end('interrupted');
      spans.clear();
    },
  };
}
