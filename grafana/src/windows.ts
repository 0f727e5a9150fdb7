/**
 * How far back a number looks. A window ends where the board's time range ends (normally now). `total` is no
 * window: it is what the counter says, and a counter starts at the ledger's lifetime total.
 */
export const WINDOWS = [
  { id: '1h', text: 'Last hour' },
  { id: '1d', text: 'Last day' },
  { id: '1w', text: 'Last week' },
  { id: '30d', text: 'Last month' },
  { id: 'total', text: 'All time' },
] as const;

export type Window = (typeof WINDOWS)[number]['id'];
