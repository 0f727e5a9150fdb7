import type { LogLine } from './logLine.ts';

/** What the logs say about one payment, by any of its ids. */
export interface PaymentLines {
  /** Notes which other ids the payment has; give it all lines before the first are picked. */
  learn(lines: readonly LogLine[]): void;
  /** Those of the lines that are about the payment. */
  pick(lines: readonly LogLine[]): LogLine[];
  ids(): PaymentIds;
}

export interface PaymentIds {
  /** Outgoing payments: the id under which all ASEs write about one. */
  outgoing: string[];
  incoming: string[];
  /** Empty without tracing. */
  traces: string[];
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id in what people have at hand: the id itself, or the URL of a payment. Undefined when there is none. */
export function paymentId(text: string): string | undefined {
  return UUID.exec(text.trim().toLowerCase())?.[0];
}

/**
 * Follows a payment by the id of its outgoing or its incoming end. Several payments may fill one incoming payment:
 * by its id one sees them all, by the id of one of them only that one.
 */
export function createPaymentLines(id: string): PaymentLines {
  const outgoing = new Set<string>();
  const incoming = new Set<string>();
  const traces = new Set<string>();

  function learnFrom({ fields }: LogLine): void {
    const { correlationId, incomingPaymentId, receiver, trace_id: trace } = fields;
    const incomingId = text(incomingPaymentId) ?? paymentId(text(receiver) ?? '');
    const outgoingId = text(correlationId);
    if (outgoingId !== id && incomingId !== id) return;
    if (outgoingId) outgoing.add(outgoingId);
    if (incomingId) incoming.add(incomingId);
    if (typeof trace === 'string') traces.add(trace);
  }

  function isAbout({ fields }: LogLine): boolean {
    const outgoingId = text(fields.correlationId);
    if (outgoingId !== undefined) return outgoing.has(outgoingId);
    return incoming.has(text(fields.incomingPaymentId) ?? '');
  }

  function learn(lines: readonly LogLine[]): void {
    for (const line of lines) learnFrom(line);
  }

  return {
    learn,
    pick(lines) {
      learn(lines);
      return lines.filter(isAbout);
    },
    ids: () => ({ outgoing: [...outgoing], incoming: [...incoming], traces: [...traces] }),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
