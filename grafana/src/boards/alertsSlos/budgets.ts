import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { stat, timeseries } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_RULES, NOTHING_YET } from '../../words.ts';

const BURN_NOTE =
  'Failures divided by what is allowed: at 1 the budget of 30 days lasts 30 days, at 14.4 two days. Alerts look at a long window (enough is gone to matter) and a short one (it still burns).';
const WINDOWS = [
  ['5m', COLOUR.bad],
  ['1h', COLOUR.attention],
  ['6h', COLOUR.neutral],
  ['3d', COLOUR.other],
] as const;

/** What is promised, what is kept, and how fast the budget for failures burns. */
export const budgets: Section = {
  title: 'Promises and budgets',
  lines: [
    line(
      4,
      [
        6,
        stat({
          title: 'Packet success, last hour',
          description:
            'Of the chosen ASE that does worst. Without packets nothing failed: 100 %. Below the promise beside it: see Packet errors.',
          query: Q.slo.packetSuccessNow(),
          unit: 'percentunit',
          decimals: 2,
          colour: COLOUR.neutral,
          noValue: NO_RULES,
        }),
      ],
      [
        6,
        stat({
          title: 'Packet success, promised',
          description:
            'SLA_PACKET_SUCCESS_THRESHOLD of .env, as the rules have it. Differs from .env: Prometheus was not started anew.',
          query: Q.slo.packetPromise(),
          unit: 'percentunit',
          decimals: 2,
          colour: COLOUR.neutral,
          noValue: NO_RULES,
        }),
      ],
      [
        6,
        stat({
          title: 'Settlement success, last hour',
          description: 'Of the chosen ASE that does worst. Without settlements nothing failed: 100 %.',
          query: Q.slo.settlementSuccessNow(),
          unit: 'percentunit',
          decimals: 2,
          colour: COLOUR.neutral,
          noValue: NO_RULES,
        }),
      ],
      [
        6,
        stat({
          title: 'Settlement success, promised',
          description:
            'SLA_SETTLEMENT_SUCCESS_THRESHOLD of .env, as the rules have it. Differs from .env: Prometheus was not started anew.',
          query: Q.slo.settlementPromise(),
          unit: 'percentunit',
          decimals: 2,
          colour: COLOUR.neutral,
          noValue: NO_RULES,
        }),
      ],
    ),
    line(
      8,
      [
        12,
        timeseries({
          title: 'Packet budget: burn rate',
          description: `${BURN_NOTE} Of the chosen ASE that does worst; docs/runbooks/PacketBudgetBurnsFast.md.`,
          unit: 'none',
          decimals: 1,
          noValue: NOTHING_YET,
          atLeast: [0, 1],
          series: WINDOWS.map(([window, colour]) => ({
            query: Q.slo.packetBurn(window),
            name: `over ${window}`,
            colour,
          })),
        }),
      ],
      [
        12,
        timeseries({
          title: 'Settlement budget: burn rate',
          description: `${BURN_NOTE} Of the chosen ASE that does worst; docs/runbooks/SettlementBudgetBurnsFast.md.`,
          unit: 'none',
          decimals: 1,
          noValue: NO_RULES,
          atLeast: [0, 1],
          series: WINDOWS.map(([window, colour]) => ({
            query: Q.slo.settlementBurn(window),
            name: `over ${window}`,
            colour,
          })),
        }),
      ],
    ),
  ],
};
