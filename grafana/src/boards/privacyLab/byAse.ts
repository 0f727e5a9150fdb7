import { MECHANISMS } from '../../../../apps/ase/src/telemetry/privacy/mechanism.ts';
import { linkAcross } from '../../board.ts';
import { DOLLAR_DECIMALS } from '../../cells.ts';
import { COLOUR, MECHANISM_COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import {
  DOLLARS,
  type PanelDraft,
  SHORT_DOLLARS,
  table,
  textFor,
  textForNone,
  timeseries,
} from '../../panels.ts';
import { Q } from '../../queries.ts';
import type { PromQL } from '../../selector.ts';
import { BASE_NOTE, NO_PAYMENTS, NOTHING_SHARED, NOTHING_SHARED_YET } from '../../words.ts';
import { NETWORK_OVERVIEW_UID } from '../networkOverview/names.ts';
import { error } from './error.ts';
import { COLUMN, TITLE } from './names.ts';

const lines = { noValue: NOTHING_SHARED_YET };
const byMechanism = { truth: COLOUR.quiet, ...MECHANISM_COLOUR };

/** Each ASE has a mechanism, an ε and noise of its own. */
export const byAse: Section = {
  title: '$instance',
  perAse: true,
  lines: [
    line(6, [
      24,
      table({
        title: TITLE.totals('$instance'),
        description: `What this ASE’s customers really sent, and what each mechanism makes of it, in total. ${BASE_NOTE} “Error is below”: with 99.9 % confidence; no bound can be given for rafiki, whose error no number of packets averages out. ε is the setting, ε spent what was given away on the packet about which most was told, and the odds between two guesses about its amount change by a factor of e^ε at most. An error above its bound, again and again: something is broken, \`./playground truth\` tells what.`,
        unit: 'none',
        noValue: NOTHING_SHARED,
        links: [linkAcross(NETWORK_OVERVIEW_UID, 'Network overview')],
        columns: [
          { title: COLUMN.mechanism, label: 'mechanism', colours: MECHANISM_COLOUR },
          {
            title: COLUMN.shared,
            query: Q.privacy.chosen(),
            mappings: [textFor(1, 'yes', COLOUR.good), textFor(0, '–')],
            colour: COLOUR.quiet,
            widthPx: 88,
          },
          money(COLUMN.truth, Q.privacy.truth()),
          money(COLUMN.published, Q.privacy.published()),
          money(COLUMN.offBy, Q.privacy.offBy()),
          {
            title: COLUMN.error,
            query: Q.privacy.error(),
            unit: 'percentunit',
            decimals: 2,
            mappings: textForNone(NO_PAYMENTS),
          },
          { ...money(COLUMN.bound, Q.privacy.bound()), noValue: 'no bound' },
          limited(COLUMN.epsilon, Q.privacy.epsilon(), 'none', 3),
          limited(COLUMN.spent, Q.privacy.epsilonSpent(), 'no limit', 3),
          { ...limited(COLUMN.odds, Q.privacy.odds(), 'no limit', 1), unit: 'prefix:×', widthPx: 140 },
        ],
      }),
    ]),
    line(
      8,
      [
        9,
        timeseries({
          ...lines,
          title: TITLE.totalsOverTime('$instance'),
          description: `The truth (dashed, the same as off) and what each mechanism publishes. No line ever falls, though noise may: a counter must not. ${BASE_NOTE} Lines that run apart at one slope differ by noise alone; one with another slope is biased.`,
          unit: SHORT_DOLLARS,
          series: [
            { query: Q.privacy.publishedOverTime(), name: '{{mechanism}}' },
            { query: Q.privacy.truthOverTime(), name: 'truth', dashed: true },
          ],
          colours: byMechanism,
        }),
      ],
      [
        10,
        timeseries({
          ...lines,
          title: TITLE.growth('$instance'),
          description: `What was added in each interval: the truth, and what somebody sees who watches the published counter under each mechanism. A payment of one packet can be read off the truth, and nearly off rafiki; with unbiased and continual it is lost among the spikes of the noise. A payment of many packets stands out everywhere: what ε protects is one packet, and how many there were is public. ${BASE_NOTE}`,
          unit: SHORT_DOLLARS,
          step: '5s',
          series: [
            ...(['rafiki', 'unbiased', 'continual'] as const).map((mechanism) => ({
              query: Q.privacy.publishedGrowth(mechanism),
              name: mechanism,
              colour: MECHANISM_COLOUR[mechanism],
            })),
            { query: Q.privacy.truthGrowth(), name: 'truth', colour: COLOUR.quiet, dashed: true },
          ],
        }),
      ],
      [
        5,
        timeseries({
          ...lines,
          title: TITLE.spent('$instance'),
          description:
            'ε spent on the packet about which most was told, by those mechanisms that guarantee one. Time adds nothing to it; a change of the mechanism adds up for packets from before the change, because the new total depends on them as well.',
          unit: 'none',
          decimals: 2,
          series: [{ query: Q.privacy.epsilonSpentOverTime(), name: '{{mechanism}}' }],
          colours: MECHANISM_COLOUR,
        }),
      ],
    ),
    line(7, ...MECHANISMS.map((mechanism): [number, PanelDraft] => [6, error(mechanism)])),
  ],
};

function money(title: string, query: PromQL) {
  return { title, query, unit: DOLLARS, decimals: DOLLAR_DECIMALS.exact };
}

function limited(title: string, query: PromQL, unlimited: string, decimals: number) {
  return { title, query, decimals, widthPx: 96, mappings: [textFor(Number.POSITIVE_INFINITY, unlimited)] };
}
