import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { INSTANCE_VARIABLE } from '../../selector.ts';
import { dependencies } from './dependencies.ts';
import { glance } from './glance.ts';
import { CONNECTOR_HEALTH_UID } from './names.ts';
import { process } from './process.ts';

/** Whether the ASEs are well: what they depend on, what they promise, and what their processes use. */
export function connectorHealthBoard(): Dashboard {
  return board({
    uid: CONNECTOR_HEALTH_UID,
    title: 'Connector health',
    description:
      'Whether what the ASEs depend on can be used, whether promises are kept, and what their processes use.',
    tags: ['connector'],
    sections: [glance, dependencies, process],
    variables: [INSTANCE_VARIABLE],
  });
}
