import type { TraceSpan } from '../tracing/tracing.ts';
import type { Packet } from './packet.ts';

/**
 * The header by which an ASE tells its peer which payment a packet belongs to: the id of the outgoing payment at the
 * ASE where it began. It is for logs only, so nothing that money hangs on may read it.
 */
export const CORRELATION_HEADER = 'correlation-id';

/** The id in the header of a peer; undefined when there is none, and for everything that is not the id of a payment. */
export function readCorrelationId(header: string | undefined): string | undefined {
  return header !== undefined && PAYMENT_ID.test(header) ? header : undefined;
}

const PAYMENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The ids by which a line finds its payment and its trace, in the spelling of OpenTelemetry. */
export interface LineIds {
  correlationId?: string | undefined;
  trace_id?: string;
  span_id?: string;
  transfer?: string;
}

/** What a log line says about the packet that it is about. */
export function aboutPacket({ source, record }: Pick<Packet, 'source' | 'record'>): LineIds {
  return {
    ...aboutPayment(source.correlationId, record.span),
    ...(record.transfer && { transfer: record.transfer.id }),
  };
}

/** The same about a payment, by its id and the span of what is being done with it. */
export function aboutPayment(
  correlationId: string | undefined,
  span?: Pick<TraceSpan, 'traceId' | 'spanId'>,
): LineIds {
  return {
    ...(correlationId !== undefined && { correlationId }),
    ...(span && { trace_id: span.traceId, span_id: span.spanId }),
  };
}

/** Says of each id whether it is new. It remembers the newest `most` only, so an id may be new again. */
export function createFirstTime(most = 1_000): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    // A set keeps the order in which ids came.
    if (seen.size > most) for (const oldest of seen) return seen.delete(oldest);
    return true;
  };
}
