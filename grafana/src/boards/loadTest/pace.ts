import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NOTHING_YET } from '../../words.ts';
import { TITLE } from './names.ts';

export const pace: Section = {
  title: 'Pace',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          title: TITLE.users,
          description:
            'How many virtual users were at work: each makes one payment after the other. The other panels are to be read against this one.',
          unit: 'none',
          decimals: 0,
          noValue: NOTHING_YET,
          atLeast: [0, 5],
          series: [{ query: Q.load.users(), name: 'virtual users', colour: COLOUR.neutral }],
        }),
      ],
      [
        12,
        timeseries({
          title: TITLE.pace,
          description:
            'What k6 saw end, and what the ASEs completed. The two lines are one while only k6 pays; background traffic lifts the second. k6’s line stays while users grow: the ASEs are at their limit. In `load packets` the first line counts packets.',
          unit: 'none',
          noValue: NOTHING_YET,
          atLeast: [0, 1],
          series: [
            { query: Q.load.donePerSecond(), name: 'seen by k6', colour: COLOUR.neutral },
            {
              query: Q.load.completedPerSecond(),
              name: 'completed by the ASEs',
              colour: COLOUR.good,
              dashed: true,
            },
          ],
        }),
      ],
    ),
    line(
      8,
      [
        12,
        timeseries({
          title: TITLE.requestPace,
          description:
            'HTTP requests that k6 made, and those that each ASE served, which include packets and health checks of their peers.',
          unit: 'none',
          noValue: NOTHING_YET,
          series: [
            { query: Q.load.requestsServedPerSecond(), name: '{{instance}}' },
            { query: Q.load.requestsPerSecond(), name: 'k6', colour: COLOUR.neutral },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: TITLE.trouble,
          description:
            'Failed requests, things that k6 found otherwise than they have to be, and errors of the connectors. All of them 0: all is well. Errors without failed requests: packets were refused and tried again.',
          unit: 'none',
          noValue: NOTHING_YET,
          atLeast: [0, 1],
          series: [
            { query: Q.load.failedPerSecond(), name: 'failed requests', colour: COLOUR.bad },
            { query: Q.load.unmetPerSecond(), name: 'checks not met', colour: COLOUR.attention },
            { query: Q.load.connectorErrorsPerSecond(), name: 'connector errors', colour: COLOUR.other },
          ],
        }),
      ],
    ),
  ],
};
