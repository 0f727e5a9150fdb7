/**
 * An ASE's telemetry alone in a process, for tests that kill it: it counts what its parent says happened.
 * The parent plays the ledger; it gives the durable totals at the start.
 */

import type { Total } from '../../apps/ase/src/ledger/types.ts';
import { observeNodeRuntime } from '../../apps/ase/src/telemetry/nodeRuntime.ts';
import { createOperatorTelemetry } from '../../apps/ase/src/telemetry/operatorMetrics.ts';
import type { LabelsOf, LedgerCounter } from '../../telemetry/catalogue.ts';

export interface SenderStart {
  aseName: string;
  endpoint: string;
  exportIntervalMs: number;
  assets: string[];
  peers: { id: string; assetCode: string }[];
  totals: SentTotal[];
}
export interface SentTotal {
  quantity: LedgerCounter;
  labels: Record<string, string>;
  value: string;
}
export type SenderMessage = { add: SentTotal } | { render: true };
export type SenderAnswer = { ready: true } | { added: true } | { text: string };

const { totals, ...options }: SenderStart = JSON.parse(process.argv[2] ?? '');
const { metrics, renderMetricsText } = createOperatorTelemetry({
  ...options,
  ledgerTotals: totals.map((total): Total => ({ ...total, value: BigInt(total.value) })),
  onError: (error) => console.error(error.message),
});
observeNodeRuntime(metrics, { memoryLimitBytes: 160 * 2 ** 20 });
metrics.observe('exchange_rate', () => [{ labels: { from: 'USD', to: 'EUR' }, value: 0.91 }]);
metrics.observe('connector_last_error_timestamp_seconds', () => [{ labels: {}, value: 0 }]);
const account = { peer_id: 'happy-life', token_id: 'USD' };
metrics.observe('account_balance_units', () => [{ labels: account, value: -5 }]);
metrics.observe('account_credit_limit_units', () => [{ labels: account, value: 1e11 }]);
metrics.observe('settlement_chain_balance_units', () => [
  { labels: { method: 'xrp', token: 'USD' }, value: 1e10 },
]);
metrics.observe('payment_channels_active', () => [{ labels: { method: 'xrp', status: 'open' }, value: 1 }]);
for (const gauge of [
  'network_amount_error_bound_units',
  'network_privacy_epsilon',
  'network_privacy_epsilon_spent',
  'network_privacy_chosen',
] as const) {
  metrics.observe(gauge, () => [{ labels: { mechanism: 'off' }, value: 1 }]);
}
for (const gauge of ['connector_dependency_up', 'connector_dependency_latency_seconds'] as const) {
  metrics.observe(gauge, () => [{ labels: { dependency: 'ledger' }, value: 1 }]);
}
for (const histogram of [
  'http_server_request_duration_seconds',
  'http_server_request_body_size_bytes',
  'http_server_response_body_size_bytes',
] as const) {
  const labels = { http_request_method: 'GET', http_route: '/health', http_response_status_code: '200' };
  metrics.record(histogram, labels, 0.001);
}

process.on('message', async (message: SenderMessage) => {
  if ('add' in message) {
    const { quantity, labels, value } = message.add;
    metrics.add(quantity, labels as LabelsOf<LedgerCounter>, BigInt(value));
    answer({ added: true });
  } else answer({ text: await renderMetricsText() });
});
answer({ ready: true });

function answer(message: SenderAnswer): void {
  process.send?.(message);
}
