import type { PaymentDirection, PaymentOutcome } from '../../../../telemetry/catalogue.ts';
import type { Ledger, LedgerTx } from '../ledger/types.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';

/** Something that happened to a payment and that telemetry counts: an end state, value moved, or both. */
export interface PaymentEvent {
  direction: PaymentDirection;
  /** Set when the payment reached its end. */
  state?: PaymentOutcome['state'];
  asset: string;
  /** Value that was sent or received, 0 or more. */
  units: bigint;
}

/** Writes an event into the books: its durable totals and its time, in the commit that changes the money. */
export function bookEvent(tx: LedgerTx, event: PaymentEvent): void {
  const { direction, asset, state = null, units } = event;
  if (event.state) {
    tx.addTotal({ quantity: 'payments_total', labels: { direction, state: event.state, asset }, by: 1n });
  }
  if (units > 0n)
    tx.addTotal({ quantity: 'payment_amount_units_total', labels: { direction, asset }, by: units });
  tx.sql.run(
    'INSERT INTO payment_events (at_ms, direction, state, asset, units) VALUES (?, ?, ?, ?, ?)',
    BigInt(tx.nowMs),
    direction,
    state,
    asset,
    units,
  );
}

/** Tells telemetry of an event, after its commit is on disk. */
export function countEvent(metrics: OperatorMetrics, event: PaymentEvent): void {
  const { direction, asset, state, units } = event;
  if (state) metrics.add('payments_total', { direction, state, asset }, 1n);
  if (units > 0n) metrics.add('payment_amount_units_total', { direction, asset }, units);
}

interface WindowRow {
  quantity: 'payments_total' | 'payment_amount_units_total';
  labels: Record<string, string>;
  value: bigint;
}

export interface EventWindow {
  rows: WindowRow[];
  /** How far each edge is from the nearest event; null when there is no event at all. */
  nearestEventMs: { from: number | null; to: number | null };
}

/** What happened after `fromMs` and until `toMs` inclusive, by the ledger's own clock. */
export function eventsBetween(ledger: Pick<Ledger, 'read'>, fromMs: number, toMs: number): EventWindow {
  const payments = ledger.read.all<{ direction: string; state: string; asset: string; value: bigint }>(
    `SELECT direction, state, asset, COUNT(*) AS value FROM payment_events
     WHERE at_ms > ? AND at_ms <= ? AND state IS NOT NULL GROUP BY direction, state, asset`,
    BigInt(fromMs),
    BigInt(toMs),
  );
  const amounts = ledger.read.all<{ direction: string; asset: string; value: bigint }>(
    `SELECT direction, asset, SUM(units) AS value FROM payment_events
     WHERE at_ms > ? AND at_ms <= ? AND units > 0 GROUP BY direction, asset`,
    BigInt(fromMs),
    BigInt(toMs),
  );
  return {
    rows: [
      ...payments.map(({ value, ...labels }) => ({ quantity: 'payments_total' as const, labels, value })),
      ...amounts.map(({ value, ...labels }) => ({
        quantity: 'payment_amount_units_total' as const,
        labels,
        value,
      })),
    ],
    nearestEventMs: { from: nearestEventMs(ledger, fromMs), to: nearestEventMs(ledger, toMs) },
  };
}

function nearestEventMs({ read }: Pick<Ledger, 'read'>, edgeMs: number): number | null {
  const edge = BigInt(edgeMs);
  const row = read.get<{ before: bigint | null; after: bigint | null }>(
    `SELECT (SELECT MAX(at_ms) FROM payment_events WHERE at_ms <= ?) AS before,
            (SELECT MIN(at_ms) FROM payment_events WHERE at_ms > ?) AS after`,
    edge,
    edge,
  );
  const distances: number[] = [];
  if (row && row.before !== null) distances.push(Number(edge - row.before));
  if (row && row.after !== null) distances.push(Number(row.after - edge));
  return distances.length > 0 ? Math.min(...distances) : null;
}
