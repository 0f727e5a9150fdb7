import type { MechanismName } from '../../../../apps/ase/src/telemetry/privacy/mechanism.ts';
import { COLOUR, MECHANISM_COLOUR } from '../../colours.ts';
import { type PanelDraft, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NOTHING_SHARED_YET } from '../../words.ts';
import { TITLE } from './names.ts';

const BOUND_NOTE =
  'Dashed: the bound, which it leaves once in a thousand times; drawn from the moment on when it is below 100 %.';

const ERROR_MEANING: Record<MechanismName, string> = {
  off: 'Exact: always 0, and so is the bound. Nothing is hidden.',
  rafiki:
    'Rounding up to buckets does not average out, so it settles at the bias of the packets’ sizes, whatever their number. There is no bound.',
  unbiased: `It falls with the square root of the number of packets. ${BOUND_NOTE}`,
  continual: `Large while there is little, and then small: it grows with the logarithm of time only. ${BOUND_NOTE}`,
};

/** How far a mechanism is from the truth over time, and how far it may be. */
export function error(mechanism: MechanismName): PanelDraft {
  const colour = MECHANISM_COLOUR[mechanism];
  const bound = (sign: '' | '-', name: string) => ({
    query: Q.privacy.boundShareOverTime(mechanism, sign),
    name,
    colour: COLOUR.quiet,
    dashed: true,
  });
  return timeseries({
    noValue: NOTHING_SHARED_YET,
    title: TITLE.error('$instance', mechanism),
    description: `(Published − truth) ÷ truth of the totals. ${ERROR_MEANING[mechanism]}`,
    unit: 'percentunit',
    anyValue: true,
    atLeast: [-0.1, 0.1],
    series: [
      { query: Q.privacy.errorShareOverTime(mechanism), name: 'error', colour },
      ...(mechanism === 'rafiki' ? [] : [bound('', 'bound'), bound('-', '− bound')]),
    ],
  });
}
