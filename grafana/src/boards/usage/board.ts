import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.ts';
import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, table, textFor, timeseries, words } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_REPORT, NO_REPORT_EVER, NO_USAGE, NO_USAGE_YET } from '../../words.ts';
import { COLUMN, TITLE, USAGE_UID } from './names.ts';

/** What installations tell about themselves, as the backend that they tell has it. */
export function usageBoard(): Dashboard {
  return board({
    uid: USAGE_UID,
    title: 'Usage',
    description:
      'How many installations report that they are in use, by day and version, and which reports were refused.',
    tags: ['usage'],
    variables: [],
    sections: [numbers, overTime],
  });
}

const SAME_TWICE =
  'An installation is a random id that its ASE made for nothing else, so one that was reset or opted out in between counts twice.';

const numbers: Section = {
  lines: [
    line(
      4,
      ...(
        [
          [1, 'today'],
          [7, 'last 7 days'],
          [30, 'last 30 days'],
        ] as const
      ).map(([days, text]): [number, ReturnType<typeof stat>] => [
        8,
        stat({
          title: TITLE.installations(text),
          description: `Different installations that reported, by the backend’s own day (UTC). ${SAME_TWICE} 0 for longer than a day while ASEs run: \`./playground usage --dry-run\` says why each of them does not report.`,
          query: Q.usage.installations(days),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_USAGE,
        }),
      ]),
    ),
    line(
      4,
      [
        8,
        stat({
          title: TITLE.stored,
          description:
            'Reports in the database; those older than 400 days are deleted. When it is full (200 000 unless set otherwise) new ones are refused: never an old one lost for them.',
          query: Q.usage.stored(),
          unit: 'none',
          colour: COLOUR.other,
          noValue: NO_USAGE,
        }),
      ],
      [
        8,
        stat({
          title: TITLE.newest,
          description:
            'How long ago the newest report came. An ASE reports a few seconds after its first start and then once a day, and a restart is no reason for another report: hours are normal, more than a day is not.',
          query: Q.usage.newest(),
          unit: 'dateTimeFromNow',
          colour: COLOUR.quiet,
          mappings: [textFor(0, NO_REPORT_EVER)],
          noValue: NO_USAGE,
        }),
      ],
      [
        8,
        stat({
          title: TITLE.refused,
          description:
            'Reports that were refused and counted, for whatever reason, in the day before the end of the time range. Our ASEs have none refused: something else posts to the backend. The panel below says why they were refused.',
          query: Q.usage.refusedInLastDay(),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, COLOUR.attention]],
          noValue: NO_USAGE,
        }),
      ],
    ),
    line(
      9,
      [
        14,
        table({
          title: TITLE.days,
          description: `Reports that came on each of the last 14 days, and how many installations they are of, as the database counts them. More reports than installations: some report more often than once a day. Versions beyond the first 32 are shown as “other”. All days, and how platforms and sizes are spread: \`GET /reports?detail=true\` of the backend.`,
          unit: 'none',
          noValue: NO_REPORT,
          sortBy: [COLUMN.day],
          newestFirst: true,
          columns: [
            { title: COLUMN.day, label: 'day' },
            { title: COLUMN.version, label: 'version' },
            { title: COLUMN.reports, query: Q.usage.dayReports() },
            { title: COLUMN.installations, query: Q.usage.dayInstallations() },
          ],
        }),
      ],
      [
        10,
        words({
          title: TITLE.how,
          markdown: [
            'Each ASE tells a **usage backend** once a day that it is in use: a random id, version, uptime in hours, platform, and how many payments, packets, errors and peers it has had, in powers of ten. No name, no address, no amount.',
            '',
            'In the playground they tell the playground’s own backend, and nobody else.',
            '',
            '- **`./playground usage --dry-run`** shows what each ASE would send, to the letter, and sends nothing.',
            '- **`USAGE_REPORT=false`** (or `DO_NOT_TRACK=1`) before `./playground up` switches it off. `up --core` starts no backend: then this board is empty.',
            '- `docs/usage-report.md` says what is kept, and for how long.',
          ].join('\n'),
        }),
      ],
    ),
  ],
};

const overTime: Section = {
  title: 'Over time',
  lines: [
    line(
      8,
      [
        12,
        timeseries({
          title: TITLE.received,
          description:
            'All reports that were ever taken, a line for each version: a step is a report. The line of a version that nobody runs any more stays flat. A line that falls: the backend lost its database.',
          unit: 'none',
          decimals: 0,
          step: '5s',
          noValue: NO_USAGE_YET,
          series: [{ query: Q.usage.received(), name: '{{version}}' }],
        }),
      ],
      [
        12,
        timeseries({
          title: TITLE.refusals,
          description:
            'Reports a minute that were refused. flooding: more at once than the backend takes of all together. too_often: one installation, more than 24 in a day. full, storage: no room, look at the disk and at `./playground logs --component usage`. All others: not a report of ours.',
          unit: 'none',
          step: '5s',
          noValue: NO_USAGE_YET,
          atLeast: [0, 1],
          series: [{ query: Q.usage.refusedPerMinute(), name: '{{reason}}' }],
        }),
      ],
    ),
  ],
};
