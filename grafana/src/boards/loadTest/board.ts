import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { INSTANCE_VARIABLE } from '../../selector.ts';
import { glance } from './glance.ts';
import { latency } from './latency.ts';
import { LOAD_TEST_UID } from './names.ts';
import { pace } from './pace.ts';
import { strain } from './strain.ts';

/** A load as k6 sees it, beside the same thing as the ASEs see it. */
export function loadTestBoard(): Dashboard {
  return board({
    uid: LOAD_TEST_UID,
    title: 'Load test',
    description:
      'What k6 asks of the ASEs, how fast they answer by its clock and by their own, and what it costs them.',
    tags: ['load'],
    variables: [INSTANCE_VARIABLE],
    sections: [glance, pace, latency, strain],
  });
}
