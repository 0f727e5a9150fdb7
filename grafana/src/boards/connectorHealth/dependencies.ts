import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { table, textFor, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_TELEMETRY_FROM_ASE, NOTHING_YET } from '../../words.ts';

/** What the ASEs need of others, as their /health has it. */
export const dependencies: Section = {
  title: 'Dependencies',
  lines: [
    line(6, [
      24,
      table({
        title: '$instance · dependencies',
        description:
          'What this ASE needs: its ledger (a write), the exchange rates, each peer, and the collector, without which payments go on. “away”: GET /health of the ASE says why.',
        unit: 'none',
        noValue: NO_TELEMETRY_FROM_ASE,
        perAse: { maxPerLine: 3 },
        sortBy: ['Dependency'],
        columns: [
          { title: 'Dependency', label: 'dependency' },
          {
            title: 'State',
            query: Q.health.dependencyUp(),
            widthPx: 90,
            mappings: [textFor(0, 'away', COLOUR.bad), textFor(1, 'well', COLOUR.good)],
            colour: COLOUR.good,
          },
          {
            title: 'Answered in',
            query: Q.health.dependencyLatency(),
            widthPx: 120,
            unit: 's',
            decimals: 1,
            colour: COLOUR.quiet,
            steps: [[1, COLOUR.bad]],
          },
        ],
      }),
    ]),
    line(7, [
      24,
      timeseries({
        title: '$instance · how fast dependencies answer',
        description:
          'How long each look at a dependency took. One line that climbs is that program’s trouble; all lines together are the ASE’s own: its event loop is late.',
        unit: 's',
        noValue: NOTHING_YET,
        perAse: { maxPerLine: 3 },
        series: [{ query: Q.health.dependencyLatency(), name: '{{dependency}}' }],
      }),
    ]),
  ],
};
