import type { PaymentDirection } from '../../../../telemetry/catalogue.ts';
import type { Ledger } from '../ledger/types.ts';

/** How many payments of a load run are in a state, and what they moved. */
export interface LoadRow {
  quantity: 'payments' | 'units';
  direction: PaymentDirection;
  /** Of payments alone. */
  state?: string;
  value: bigint;
}

/**
 * What the books say about the payments that a load run made: those whose metadata is `{"load": run}` and nothing
 * else. It looks at every payment there is, so it is for the operator, not for clients.
 */
export function paymentsOfLoad({ read }: Pick<Ledger, 'read'>, run: string): LoadRow[] {
  const metadata = JSON.stringify({ load: run });
  return DIRECTIONS.flatMap(({ direction, statement }) => {
    const states = read.all<{ state: string; payments: bigint; units: bigint | null }>(statement, metadata);
    return [
      ...states.map(({ state, payments }) => ({
        quantity: 'payments' as const,
        direction,
        state: state.toLowerCase(),
        value: payments,
      })),
      {
        quantity: 'units' as const,
        direction,
        value: states.reduce((sum, { units }) => sum + (units ?? 0n), 0n),
      },
    ];
  });
}

const DIRECTIONS = [
  {
    direction: 'outgoing',
    statement: `SELECT state, COUNT(*) AS payments, SUM(sent_units) AS units FROM outgoing_payments
      WHERE metadata = ? GROUP BY state`,
  },
  {
    direction: 'incoming',
    statement: `SELECT state, COUNT(*) AS payments, SUM(received_units) AS units FROM incoming_payments
      WHERE metadata = ? GROUP BY state`,
  },
] as const;
