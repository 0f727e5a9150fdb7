export const SETTLEMENT_ACTIVITY_UID = 'settlement-activity';

export const TITLE = {
  done: 'Settlements, last hour',
  failed: 'Failed settlements, last hour',
  success: 'Success, last hour',
  disputes: 'Disputes, last hour',
  refusals: 'Refusals, last hour',
  settlements: (ase: string) => `${ase} · settlements`,
  money: (ase: string) => `${ase} · money on the chains`,
  channels: (ase: string) => `${ase} · payment channels`,
  closed: (ase: string) => `${ase} · closed channels`,
  refused: (ase: string) => `${ase} · refusals by cause`,
};

export const COLUMN = {
  method: 'Method',
  outcome: 'Outcome',
  token: 'Token',
  status: 'State',
  reason: 'Reason',
  cause: 'Cause',
  lastHour: 'Last hour',
  total: 'All time',
  paid: 'Paid to peers',
  onChain: 'On the chain',
  now: 'Now',
};
