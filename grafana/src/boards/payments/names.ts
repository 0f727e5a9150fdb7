export const PAYMENTS_UID = 'payments';

export const DIRECTIONS = ['outgoing', 'incoming'] as const;

export const TITLE = {
  sent: 'Payments sent, last hour',
  received: 'Payments received, last hour',
  failed: 'Payments failed, last hour',
  success: 'Success ratio, last hour',
  byAse: {
    outgoing: (ase: string) => `${ase} · sent`,
    incoming: (ase: string) => `${ase} · received`,
  },
};

export const COLUMN = {
  window: 'Window',
  asset: 'Asset',
  number: 'Payments',
  value: 'Value (units)',
  average: 'Average (units)',
};
