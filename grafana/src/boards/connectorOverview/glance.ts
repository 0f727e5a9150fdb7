import { RATIO_DECIMALS } from '../../cells.ts';
import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, textForNone } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_PACKETS, NO_TELEMETRY } from '../../words.ts';
import { TITLE } from './names.ts';

/** How all chosen connectors fare at this moment. */
export const glance: Section = {
  lines: [
    line(
      4,
      [
        5,
        stat({
          title: TITLE.fulfilled,
          description:
            'ILP Prepares that came back with a Fulfill in the last hour, counted by each connector that they passed. Stands still while payments run? Look at rejected packets and errors.',
          query: Q.packets.fulfilledInLastHour(),
          unit: 'none',
          colour: COLOUR.good,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: TITLE.rejected,
          description:
            'ILP Prepares that came back with a Reject in the last hour, without the probes of quotes. A few are normal (a sender finds its packet size that way); many with few fulfilled are not: see the errors by cause.',
          query: Q.packets.rejectedInLastHour(),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: TITLE.success,
          description:
            'Fulfilled ÷ (fulfilled + rejected) of the last hour. The probes of quotes cannot be fulfilled and do not count. Below 95 %: look at the errors by cause.',
          query: Q.packets.successRatioInLastHour(),
          unit: 'percentunit',
          decimals: RATIO_DECIMALS,
          colour: COLOUR.bad,
          steps: [
            [0.95, COLOUR.attention],
            [0.99, COLOUR.good],
          ],
          mappings: textForNone(NO_PACKETS),
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: 'Latency p95, now',
          description:
            'Of 100 packets, 95 had their reply within this time, over the last few seconds. Above 1 s senders begin to time out: see which connector is slow below.',
          query: Q.packets.latencyNow(0.95),
          unit: 's',
          decimals: 1,
          colour: COLOUR.good,
          steps: [
            [0.25, COLOUR.attention],
            [1, COLOUR.bad],
          ],
          mappings: textForNone('no packets now'),
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        5,
        stat({
          title: TITLE.criticalErrors,
          description:
            'Packets that a connector failed in the last hour through a fault of its own or of a peer, not of who sent them. Above 0: the tables at the end of this board name the causes.',
          query: Q.errors.criticalInLastHour(),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.bad]],
          noValue: NO_TELEMETRY,
        }),
      ],
    ),
  ],
};
