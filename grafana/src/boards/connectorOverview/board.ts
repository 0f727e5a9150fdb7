import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { glance } from './glance.ts';
import { CONNECTOR_OVERVIEW_UID } from './names.ts';
import { latency, packets } from './packets.ts';
import { errors, peers, rates } from './peers.ts';

/** How the connectors fare: packets, latency, peers, errors, rates. */
export function connectorOverviewBoard(): Dashboard {
  return board({
    uid: CONNECTOR_OVERVIEW_UID,
    title: 'Connector overview',
    description:
      'Packets by outcome, latency, balances with peers, errors by cause and exchange rates in use.',
    tags: ['connector'],
    sections: [glance, packets, latency, peers, errors, rates],
  });
}
