import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, words } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_TELEMETRY } from '../../words.ts';
import { TITLE } from './names.ts';

export const glance: Section = {
  lines: [
    line(
      5,
      [
        4,
        stat({
          title: TITLE.usersNow,
          description:
            'Virtual users that k6 has at work, as of its word of the last ten seconds. 0: no load is made.',
          query: Q.load.users(),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: TITLE.paceNow,
          description:
            'Payments (or packets) that k6 saw through to their end, a second, in the last moments. It falls while users stay: the ASEs are at their limit, or in trouble.',
          query: Q.load.donePerSecond(),
          unit: 'none',
          decimals: 1,
          colour: COLOUR.neutral,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: TITLE.requests,
          description:
            'HTTP requests of the load that runs, or that ended within five minutes: a payment takes four, and some more that ask whether it has ended. 0: no load.',
          query: Q.load.requests(),
          unit: 'none',
          colour: COLOUR.other,
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        4,
        stat({
          title: TITLE.failed,
          description:
            'Requests of the same load that were answered with an error, or not at all. Each is tried again under the same idempotency key, so that no payment is made twice. Any is worth a look: `./playground logs`.',
          query: Q.load.failed(),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.bad]],
          noValue: NO_TELEMETRY,
        }),
      ],
      [
        8,
        words({
          title: TITLE.how,
          markdown: [
            '**`./playground load smoke`** makes load with k6; so do `ramp`, `spike`, `soak`, `rate` and `packets`.',
            '',
            'k6’s own numbers stand beside the ASEs’. In the end both must have counted the same: `./playground truth` compares them.',
          ].join('\n'),
        }),
      ],
    ),
  ],
};
