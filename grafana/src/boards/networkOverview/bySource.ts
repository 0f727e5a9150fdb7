import { DOLLAR_DECIMALS } from '../../cells.ts';
import { line, type Section } from '../../layout.ts';
import { DOLLARS, type PanelDraft, table, textForNone } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { BASE_NOTE, NO_NETWORK, NO_TRANSACTIONS } from '../../words.ts';
import { COLUMN, COUNTERS, SHOWN_WINDOWS, TITLE } from './names.ts';

const NONE = '—';
const [hour, day, week, month] = SHOWN_WINDOWS.map(windowTable) as [
  PanelDraft,
  PanelDraft,
  PanelDraft,
  PanelDraft,
];

export const bySource: Section = {
  title: 'By source',
  lines: [
    line(5, [12, hour], [12, day]),
    line(5, [12, week], [12, month]),
    line(5, [
      24,
      table({
        title: TITLE.counters,
        description: `Everything that each source counts, as its counters stand. ASEs of the playground go on from their ledger after a restart; a Rafiki begins at 0 again. ${BASE_NOTE} Value has two names: a current Rafiki sends the one, an earlier one the other, ASEs here both. Fees have passed the privacy mechanism too. Prepared that is not fulfilled + rejected: packets are on their way, or the source loses replies.`,
        unit: 'none',
        noValue: NO_NETWORK,
        sortBy: [COLUMN.source],
        columns: [
          { title: COLUMN.source, label: 'source' },
          ...COUNTERS.map(({ column, quantity, isAmount }) => ({
            title: column,
            query: isAmount ? Q.network.totalDollarsBySource(quantity) : Q.network.totalBySource(quantity),
            noValue: NONE,
            ...(isAmount && { unit: DOLLARS, decimals: DOLLAR_DECIMALS.exact }),
          })),
        ],
      }),
    ]),
  ],
};

function windowTable({ id, text }: (typeof SHOWN_WINDOWS)[number]): PanelDraft {
  return table({
    title: TITLE.bySource(text),
    description: `The same numbers, told apart by who tells them: ASEs of this playground, and any Rafiki that sends to the same collectors. ${BASE_NOTE} A source that is missing has not been heard of in the last minutes: is it on, and may it send (NETWORK_SOURCES)?`,
    unit: 'none',
    noValue: NO_NETWORK,
    sortBy: [COLUMN.source],
    columns: [
      { title: COLUMN.source, label: 'source' },
      { title: COLUMN.transactions, query: Q.network.transactionsBySource(id), noValue: NONE },
      {
        title: COLUMN.value,
        query: Q.network.valueBySource(id),
        unit: DOLLARS,
        decimals: DOLLAR_DECIMALS.exact,
        noValue: NONE,
      },
      {
        title: COLUMN.average,
        ratio: { of: COLUMN.value, to: COLUMN.transactions },
        unit: DOLLARS,
        decimals: DOLLAR_DECIMALS.short,
        mappings: textForNone(NO_TRANSACTIONS),
        noValue: NONE,
      },
    ],
  });
}
