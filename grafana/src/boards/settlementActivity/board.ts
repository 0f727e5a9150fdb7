import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { glance } from './glance.ts';
import { SETTLEMENT_ACTIVITY_UID } from './names.ts';
import { overTime } from './overTime.ts';
import { tables } from './tables.ts';

/** How ASEs pay what they owe each other: settlements, the money on the chains, and the life of payment channels. */
export function settlementActivityBoard(): Dashboard {
  return board({
    uid: SETTLEMENT_ACTIVITY_UID,
    title: 'Settlement activity',
    description:
      'Settlements by chain and outcome, how long they take, payment channels, disputes, and what was refused.',
    tags: ['settlement'],
    sections: [glance, overTime, tables],
  });
}
