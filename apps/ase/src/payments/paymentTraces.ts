import type { Ledger, LedgerTx } from '../ledger/types.ts';
import type { Plugin } from './pathProbe.ts';

/**
 * The trace that a quote began, so that its payment goes on with it, after a restart as well. Only what is sampled has
 * a row here.
 */
export const PAYMENT_TRACE_TABLE = `
  CREATE TABLE IF NOT EXISTS quote_traces (
     quote_id TEXT NOT NULL PRIMARY KEY,
     traceparent TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL
   ) STRICT;
  CREATE INDEX IF NOT EXISTS quote_traces_by_time ON quote_traces (created_at_ms);
`;

export function keepTrace(tx: LedgerTx, quoteId: string, traceparent: string): void {
  tx.sql.run(
    'INSERT INTO quote_traces (quote_id, traceparent, created_at_ms) VALUES (?, ?, ?)',
    quoteId,
    traceparent,
    BigInt(tx.nowMs),
  );
}

/** The `traceparent` of the quote; undefined when it was not traced. */
export function findTrace(read: Ledger['read'], quoteId: string): string | undefined {
  return read.get<{ traceparent: string }>('SELECT traceparent FROM quote_traces WHERE quote_id = ?', quoteId)
    ?.traceparent;
}

/** The ids in a `traceparent` of our own. */
export function tracedIn(traceparent: string | undefined): { traceId: string; spanId: string } | undefined {
  const [, traceId, spanId] = traceparent?.split('-') ?? [];
  return traceId && spanId ? { traceId, spanId } : undefined;
}

/** Forgets what is this old: the payments of those quotes have long ended. */
export function pruneTraces(tx: LedgerTx, beforeMs: number): void {
  tx.sql.run('DELETE FROM quote_traces WHERE created_at_ms < ?', BigInt(beforeMs));
}

/** A payment of more packets than this has no spans for the others: a trace stays something that one can look at. */
const MAX_TRACED_PACKETS = 16;

/** Gives the first packets of a payment to `traced`, all others to `plain`. */
export function sampledPlugin(traced: Plugin, plain: Plugin): Plugin {
  let left = MAX_TRACED_PACKETS;
  return {
    sendData(prepare) {
      left -= 1;
      return (left >= 0 ? traced : plain).sendData(prepare);
    },
  };
}
