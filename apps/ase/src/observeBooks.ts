import { peerGauges } from './admin/ledgerReport.ts';
import type { RunningConnector } from './connector/types.ts';
import type { Ledger } from './ledger/types.ts';
import type { PolledRates } from './rates/ratesSource.ts';
import type { OperatorMetrics } from './telemetry/operatorMetrics.ts';

/** Lets telemetry read what the books and the rates say at the moment of each export. */
export function observeBooks(parts: {
  metrics: OperatorMetrics;
  ledger: Ledger;
  connector: Pick<RunningConnector, 'lastErrorAtMs'>;
  rates: Pick<PolledRates, 'current'>;
}): void {
  const { metrics, ledger, connector, rates } = parts;
  for (const quantity of ['account_balance_units', 'account_credit_limit_units'] as const) {
    metrics.observe(quantity, () =>
      ledger
        .accounts('peer')
        .flatMap(peerGauges)
        .filter((gauge) => gauge.quantity === quantity)
        .map(({ labels, value }) => ({
          labels: labels as { peer_id: string; token_id: string },
          value: Number(value),
        })),
    );
  }
  metrics.observe('connector_last_error_timestamp_seconds', () => [
    { labels: {}, value: connector.lastErrorAtMs() / 1000 },
  ]);
  metrics.observe('exchange_rate', () =>
    rates.current().map(({ from, to, rate }) => ({ labels: { from, to }, value: rate })),
  );
}
