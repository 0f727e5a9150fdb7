import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { INSTANCE_VARIABLE } from '../../selector.ts';
import { budgets } from './budgets.ts';
import { glance } from './glance.ts';
import { indicators } from './indicators.ts';
import { ALERTS_UID } from './names.ts';

/** What fires, and how much of what was promised is kept. */
export function alertsBoard(): Dashboard {
  return board({
    uid: ALERTS_UID,
    title: 'Alerts and SLOs',
    description:
      'What fires now, what was promised, how fast the error budgets burn, and what alerts look at.',
    tags: ['alerts'],
    sections: [glance, budgets, indicators],
    variables: [INSTANCE_VARIABLE],
  });
}
