import { type GaugeReading, peerGauges } from './admin/ledgerReport.ts';
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
  settlementGauges: () => GaugeReading[];
}): void {
  const { metrics, ledger, connector, rates, settlementGauges } = parts;
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
  metrics.observe('settlement_chain_balance_units', () =>
    readings(settlementGauges(), 'settlement_chain_balance_units').map(({ labels, value }) => ({
      labels: labels as { method: string; token: string },
      value: Number(value),
    })),
  );
  metrics.observe('payment_channels_active', () =>
    readings(settlementGauges(), 'payment_channels_active').map(({ labels, value }) => ({
      labels: labels as { method: string; status: string },
      value: Number(value),
    })),
  );
  metrics.observe('connector_last_error_timestamp_seconds', () => [
    { labels: {}, value: connector.lastErrorAtMs() / 1000 },
  ]);
  metrics.observe('exchange_rate', () =>
    rates.current().map(({ from, to, rate }) => ({ labels: { from, to }, value: rate })),
  );
}

function readings(all: readonly GaugeReading[], quantity: GaugeReading['quantity']): GaugeReading[] {
  return all.filter((gauge) => gauge.quantity === quantity);
}
