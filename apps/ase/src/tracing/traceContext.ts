import { type SpanPlace, spanIdHex } from './spanIds.ts';

/** What became of the trace headers of a request; neither is set when there were none. */
export interface ReadTraceContext {
  context?: TraceContext;
  /** Why they were not believed. The request itself is as good as without them. */
  refused?: TraceContextRefusal;
}
type TraceContextRefusal = 'malformed' | 'oversized';

/** A span of another process, or of an earlier life of this one. */
export interface TraceContext {
  /** 32 hexadecimal digits, not all zero. */
  traceId: string;
  /** 16 of them. */
  spanId: string;
  isSampled: boolean;
}

/** W3C Trace Context, https://www.w3.org/TR/trace-context/: version, trace id, parent id, flags. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** A later version may add to it; nobody needs more than this for that. */
const MAX_TRACEPARENT_CHARACTERS = 128;
/** What the recommendation asks everybody to carry; more entries than this are to be refused. */
const MAX_TRACESTATE_CHARACTERS = 512;
const MAX_TRACESTATE_ENTRIES = 32;

/**
 * Reads the context that a peer sends with a packet. Its `tracestate` is only looked at: what other systems note
 * there ends at the border to a peer.
 */
export function readTraceContext(
  traceparent: string | undefined,
  tracestate: string | undefined,
): ReadTraceContext {
  if (traceparent === undefined && tracestate === undefined) return {};
  if ((traceparent?.length ?? 0) > MAX_TRACEPARENT_CHARACTERS) return { refused: 'oversized' };
  if (tracestate !== undefined && isTooMuch(tracestate)) return { refused: 'oversized' };
  const [, version, traceId = '', spanId = '', flags = '', rest] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  // Version ff is forbidden, and only later versions than 00 may go on after the flags.
  const isKnown = version !== undefined && version !== 'ff' && (version !== '00' || rest === undefined);
  if (!isKnown || traceId === NO_TRACE || spanId === NO_SPAN) return { refused: 'malformed' };
  return { context: { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 } };
}

/** The header that makes others part of a trace at this span, which is sampled. */
export function traceparentOf(place: SpanPlace): string {
  return `00-${place.trace.hex}-${spanIdHex(place)}-01`;
}

const SAMPLED = 0x01;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

function isTooMuch(tracestate: string): boolean {
  if (tracestate.length > MAX_TRACESTATE_CHARACTERS) return true;
  return tracestate.split(',', MAX_TRACESTATE_ENTRIES + 1).length > MAX_TRACESTATE_ENTRIES;
}
