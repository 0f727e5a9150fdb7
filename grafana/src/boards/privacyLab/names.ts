import type { MechanismName } from '../../../../apps/ase/src/telemetry/privacy/mechanism.ts';

export const PRIVACY_LAB_UID = 'privacy-lab';

export const TITLE = {
  how: 'How to use this board',
  totals: (ase: string) => `${ase} · truth and published`,
  totalsOverTime: (ase: string) => `${ase} · totals`,
  growth: (ase: string) => `${ase} · what an attacker sees`,
  spent: (ase: string) => `${ase} · ε spent`,
  error: (ase: string, mechanism: MechanismName) => `${ase} · error of ${mechanism}`,
};

export const COLUMN = {
  mechanism: 'Mechanism',
  shared: 'Goes out',
  truth: 'Truth',
  published: 'Published',
  offBy: 'Off by',
  error: 'Error',
  bound: 'Error is below',
  epsilon: 'ε',
  spent: 'ε spent',
  odds: 'Odds change by',
};
