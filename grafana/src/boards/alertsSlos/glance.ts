import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, table, textFor, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_RULES, NOTHING_YET } from '../../words.ts';

const RUNBOOK = 'Each alert has a page in docs/runbooks/; `./playground alerts` shows what was delivered.';
const SEVERITIES = [
  ['critical', 'Critical', 'Money does not move, or nobody would see it'],
  ['high', 'High', 'There is a time limit to act'],
  ['warning', 'Warning', 'A promise is broken or about to be'],
] as const;

/** What fires at this moment, and since when. */
export const glance: Section = {
  lines: [
    line(
      4,
      ...SEVERITIES.map(([severity, title, meaning]): [number, ReturnType<typeof stat>] => [
        5,
        stat({
          title: `${title}, firing`,
          description: `Alerts of this severity that fire now. ${meaning}. ${RUNBOOK}`,
          query: Q.alerts.firing(severity),
          unit: 'none',
          colour: COLOUR.good,
          steps: [[1, severity === 'warning' ? COLOUR.attention : COLOUR.bad]],
          noValue: NO_RULES,
        }),
      ]),
      [
        5,
        stat({
          title: 'Pending',
          description: `Alerts whose cause is there, but not yet for as long as they wait. ${RUNBOOK}`,
          query: Q.alerts.pending(),
          unit: 'none',
          colour: COLOUR.neutral,
          noValue: NO_RULES,
        }),
      ],
      [
        4,
        stat({
          title: 'Dead man’s switch',
          description:
            'An alert that always fires. “silent” means that Prometheus evaluates no rules; that it fires here and does not reach the sink is what `./playground alerts` tells.',
          query: Q.alerts.heartbeat(),
          unit: 'none',
          colour: COLOUR.good,
          mappings: [textFor(0, 'silent', COLOUR.bad), textFor(1, 'fires', COLOUR.good)],
          noValue: NO_RULES,
        }),
      ],
    ),
    line(
      9,
      [
        12,
        table({
          title: 'Alerts now',
          description: `All alerts that fire or are pending, whatever ASE is chosen. ${RUNBOOK}`,
          unit: 'none',
          noValue: NO_RULES,
          sortBy: ['Severity', 'Alert'],
          columns: [
            { title: 'Alert', label: 'alertname', widthPx: 220 },
            {
              title: 'Severity',
              label: 'severity',
              colours: { critical: COLOUR.bad, high: COLOUR.bad },
              widthPx: 90,
            },
            { title: 'Of', label: 'instance' },
            {
              title: 'State',
              label: 'alertstate',
              colours: { firing: COLOUR.bad, pending: COLOUR.neutral },
              widthPx: 80,
            },
            {
              title: 'Active',
              query: Q.alerts.list(),
              mappings: [textFor(0, 'no'), textFor(1, 'yes')],
              widthPx: 70,
            },
          ],
        }),
      ],
      [
        12,
        timeseries({
          title: 'Alerts over time',
          description: `How many alerts of each name fired. “none” at 0: nothing did. ${RUNBOOK}`,
          unit: 'none',
          decimals: 0,
          noValue: NOTHING_YET,
          atLeast: [0, 3],
          series: [{ query: Q.alerts.overTime(), name: '{{alertname}}' }],
        }),
      ],
    ),
  ],
};
