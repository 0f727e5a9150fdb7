import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { INSTANCE_VARIABLE } from '../../selector.ts';
import { byAse } from './byAse.ts';
import { how } from './how.ts';
import { PRIVACY_LAB_UID } from './names.ts';

/** What privacy does to the numbers that an ASE shares: for the same payments, the truth beside every mechanism. */
export function privacyLabBoard(): Dashboard {
  return board({
    uid: PRIVACY_LAB_UID,
    title: 'Privacy lab',
    description:
      'What privacy costs in truth, and what it hides: for the same payments, the truth beside what each mechanism would publish.',
    tags: ['network', 'privacy'],
    variables: [INSTANCE_VARIABLE],
    sections: [how, byAse],
  });
}
