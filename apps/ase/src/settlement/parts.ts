import type {
  LabelsOf,
  LedgerCounter,
  SettlementMethod,
  SettlementRefusal,
} from '../../../../telemetry/catalogue.ts';
import type { Ledger, LedgerTx, TotalIncrement } from '../ledger/types.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { SettlementStore } from './store.ts';
import type { SettlementEngine, SettlementLink, SettlementPeer } from './types.ts';

/** What every part of settlement works with. */
export interface Parts {
  ledger: Ledger;
  store: SettlementStore;
  engines: ReadonlyMap<SettlementMethod, SettlementEngine>;
  peers: ReadonlyMap<string, SettlementPeer>;
  links: ReadonlyMap<string, SettlementLink>;
  publicKey: string;
  metrics: Pick<OperatorMetrics, 'add' | 'record'>;
  /** Left out: nothing is traced. */
  tracing?: Pick<Tracing, 'root'> | undefined;
  log: Log;
  now: () => number;
  /** Since when each peer is due to be paid; only for the latency, so a crash may forget it. */
  dueSinceMs: Map<string, number>;
}

interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export type Count = (increment: TotalIncrement) => void;

/** A commit whose totals telemetry hears of when it is on disk, and not before. */
export async function commitCounted<T>(
  { ledger, metrics }: Pick<Parts, 'ledger' | 'metrics'>,
  work: (tx: LedgerTx, count: Count) => T,
): Promise<T> {
  const increments: TotalIncrement[] = [];
  const result = await ledger.commit((tx) =>
    work(tx, (increment) => {
      tx.addTotal(increment);
      increments.push(increment);
    }),
  );
  for (const { quantity, labels, by } of increments)
    metrics.add(quantity, labels as LabelsOf<LedgerCounter>, by);
  return result;
}

export const executed = (method: SettlementMethod, status: 'success' | 'failed'): TotalIncrement => ({
  quantity: 'settlements_executed_total',
  labels: { method, status },
  by: 1n,
});

export const refusal = (reason: SettlementRefusal): TotalIncrement => ({
  quantity: 'settlement_refusals_total',
  labels: { reason },
  by: 1n,
});

export const disputed = (method: SettlementMethod): TotalIncrement => ({
  quantity: 'payment_channels_disputes_total',
  labels: { method },
  by: 1n,
});

export const paid = (method: SettlementMethod, token: string, by: bigint): TotalIncrement => ({
  quantity: 'settlement_amount_total',
  labels: { method, token },
  by,
});
