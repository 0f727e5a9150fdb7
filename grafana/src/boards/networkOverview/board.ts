import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { NETWORK_VARIABLE, SOURCE_VARIABLE } from '../../selector.ts';
import { bySource } from './bySource.ts';
import { glance } from './glance.ts';
import { NETWORK_OVERVIEW_UID } from './names.ts';
import { besides, overTime } from './overTime.ts';

/** The network as the Telemetry Tale measures it: transactions, value, average value; last hour, day, week, month. */
export function networkOverviewBoard(): Dashboard {
  return board({
    uid: NETWORK_OVERVIEW_UID,
    title: 'Network overview',
    description:
      'How many transactions, of what value, over the last hour, day, week and month: what ASEs tell their network.',
    tags: ['network'],
    variables: [NETWORK_VARIABLE, SOURCE_VARIABLE],
    sections: [glance, bySource, overTime, besides],
  });
}
