import { RATIO_DECIMALS } from '../../cells.ts';
import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, textForNone } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_SETTLEMENTS, NO_TELEMETRY } from '../../words.ts';
import { TITLE } from './names.ts';

/** How settlement fares at this moment. */
export const glance: Section = {
  lines: [
    line(
      4,
      [
        5,
        stat({
          title: TITLE.done,
          description:
            'Debts to peers that were paid by a claim that the peer took. Stands still while payments go one way? Look at failed ones, and at ./playground doctor.',
          query: Q.settlement.inLastHour('success'),
          unit: 'none',
          colour: COLOUR.good,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: TITLE.failed,
          description:
            'Settlements that chain or peer did not let happen; the debt stands as it was, and is tried again. Above 0: the log of the ASE says which transaction failed and why.',
          query: Q.settlement.inLastHour('failed'),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.bad]],
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: TITLE.success,
          description:
            'Successful ÷ (successful + failed) of the last hour. Below 99 %: look at the failed ones by chain below.',
          query: Q.settlement.successRatioInLastHour(),
          unit: 'percentunit',
          decimals: RATIO_DECIMALS,
          colour: COLOUR.bad,
          steps: [
            [0.95, COLOUR.attention],
            [0.99, COLOUR.good],
          ],
          mappings: textForNone(NO_SETTLEMENTS),
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: TITLE.disputes,
          description:
            'Channels that a payer tried to close by an old state, and the payee disputed; seen from both ends, so one dispute between two chosen ASEs counts twice. Above 0: somebody cheats, or lost its books.',
          query: Q.settlement.disputesInLastHour(),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.bad]],
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: TITLE.refusals,
          description:
            'Claims of peers and orders of operators that were refused, and booked nothing. A “replayed” one is normal after a lost answer; others are a peer’s mistake, or worse: see the causes below.',
          query: Q.settlement.refusalsInLastHour(),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
    ),
  ],
};
