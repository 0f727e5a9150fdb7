import type { NetworkCounter } from '../../../../telemetry/networkCatalogue.ts';
import { WINDOWS, type Window } from '../../windows.ts';

export const NETWORK_OVERVIEW_UID = 'network-overview';

/** The rows of the Telemetry Tale's board. */
export const SHOWN_WINDOWS = WINDOWS.filter(
  (window): window is (typeof WINDOWS)[number] & { id: Exclude<Window, 'total'> } => window.id !== 'total',
);

/** Its columns, for a window such as `Last hour`. */
export const TITLE = {
  transactions: (window: string) => `Transactions, ${window.toLowerCase()}`,
  value: (window: string) => `Value, ${window.toLowerCase()}`,
  average: (window: string) => `Average value, ${window.toLowerCase()}`,
  bySource: (window: string) => `By source, ${window.toLowerCase()}`,
  counters: 'Counters by source',
};

export const COLUMN = {
  source: 'Source',
  transactions: 'Transactions',
  value: 'Value',
  average: 'Average',
};

/** The counters as they stand, and whether they are amounts. */
export const COUNTERS: { column: string; quantity: NetworkCounter; isAmount: boolean }[] = [
  { column: 'Transactions', quantity: 'transactions_total', isAmount: false },
  { column: 'Value', quantity: 'packet_amount_fulfill_total', isAmount: true },
  { column: 'Value, older name', quantity: 'transactions_amount_total', isAmount: true },
  { column: 'Fees', quantity: 'transaction_fee_amounts_total', isAmount: true },
  { column: 'Packets prepared', quantity: 'packet_count_prepare_total', isAmount: false },
  { column: 'Fulfilled', quantity: 'packet_count_fulfill_total', isAmount: false },
  { column: 'Rejected', quantity: 'packet_count_reject_total', isAmount: false },
];
