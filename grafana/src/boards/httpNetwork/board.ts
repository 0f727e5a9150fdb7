import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { INSTANCE_VARIABLE } from '../../selector.ts';
import { glance } from './glance.ts';
import { HTTP_NETWORK_UID } from './names.ts';
import { network } from './network.ts';
import { requests } from './requests.ts';

/** The two layers below payments: HTTP requests, and the connections that carry them. */
export function httpNetworkBoard(): Dashboard {
  return board({
    uid: HTTP_NETWORK_UID,
    title: 'HTTP and network',
    description:
      'Requests by route and status, how long they take and how large they are, connections and bytes.',
    tags: ['connector'],
    sections: [glance, requests, network],
    variables: [INSTANCE_VARIABLE],
  });
}
