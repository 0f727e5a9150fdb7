import type { MetricName } from '../../../../telemetry/catalogue.ts';

export const CONNECTOR_OVERVIEW_UID = 'connector-overview';

export const TITLE = {
  fulfilled: 'Packets fulfilled, last hour',
  rejected: 'Packets rejected, last hour',
  success: 'Packet success, last hour',
  criticalErrors: 'Critical errors, last hour',
  packets: (ase: string) => `${ase} · packets by type and outcome`,
  errorsByCause: (ase: string) => `${ase} · errors by cause`,
  peers: (ase: string) => `${ase} · peers`,
};

export const COLUMN = {
  type: 'Packet',
  outcome: 'Outcome',
  cause: 'Cause',
  severity: 'Severity',
  lastHour: 'Last hour',
  total: 'All time',
  peer: 'Peer',
  asset: 'Asset',
  balance: 'Balance',
  limit: 'Credit limit',
  used: 'Limit used',
  credited: 'Credited',
  debited: 'Debited',
};

/** The columns of the peers table that the ledger knows, and whether their series say the asset too. */
export const PEER_NUMBERS: { column: string; quantity: MetricName; byAsset: boolean }[] = [
  { column: COLUMN.balance, quantity: 'account_balance_units', byAsset: true },
  { column: COLUMN.limit, quantity: 'account_credit_limit_units', byAsset: true },
  { column: COLUMN.credited, quantity: 'account_credits_total', byAsset: false },
  { column: COLUMN.debited, quantity: 'account_debits_total', byAsset: false },
];
