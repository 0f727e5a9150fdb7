import { COLOUR } from '../../colours.ts';
import { line, type Section } from '../../layout.ts';
import { table } from '../../panels.ts';
import { Q } from '../../queries.ts';
import { NO_SETTLEMENT, NO_TELEMETRY_FROM_ASE, UNIT_NOTE } from '../../words.ts';
import { COLUMN, TITLE } from './names.ts';

export const tables: Section = {
  title: 'By ASE',
  lines: [
    line(6, [
      24,
      table({
        title: TITLE.settlements('$instance'),
        description:
          'Settlements that this ASE made, by chain and outcome. One that failed is tried again as long as the debt is there.',
        unit: 'none',
        noValue: NO_TELEMETRY_FROM_ASE,
        perAse: { maxPerLine: 2 },
        sortBy: [COLUMN.method, COLUMN.outcome],
        columns: [
          { title: COLUMN.method, label: 'method', widthPx: 90 },
          { title: COLUMN.outcome, label: 'status', widthPx: 90 },
          { title: COLUMN.lastHour, query: Q.settlement.byOutcomeInLastHour() },
          { title: COLUMN.total, query: Q.settlement.byOutcome() },
        ],
      }),
    ]),
    line(5, [
      24,
      table({
        title: TITLE.money('$instance'),
        description: `What this ASE has paid to peers, and what it has on each chain outside of channels, as its books say. ${UNIT_NOTE} truth asks the chains if they say the same. Near 0: no channel can be opened any more.`,
        unit: 'none',
        noValue: NO_SETTLEMENT,
        perAse: { maxPerLine: 2 },
        sortBy: [COLUMN.method, COLUMN.token],
        columns: [
          { title: COLUMN.method, label: 'method', widthPx: 90 },
          { title: COLUMN.token, label: 'token', widthPx: 90 },
          { title: COLUMN.paid, query: Q.settlement.paid() },
          { title: COLUMN.onChain, query: Q.settlement.onChain() },
        ],
      }),
    ]),
    line(10, [
      24,
      table({
        title: TITLE.channels('$instance'),
        description:
          'Channels of this ASE that are not closed, paying and receiving ones. Disputed for longer than a minute: the chain does not make blocks.',
        unit: 'none',
        noValue: NO_TELEMETRY_FROM_ASE,
        perAse: { maxPerLine: 2 },
        sortBy: [COLUMN.method, COLUMN.status],
        columns: [
          { title: COLUMN.method, label: 'method', widthPx: 90 },
          { title: COLUMN.status, label: 'status', widthPx: 100 },
          { title: COLUMN.now, query: Q.settlement.channels() },
        ],
      }),
    ]),
    line(8, [
      24,
      table({
        title: TITLE.closed('$instance'),
        description:
          'How channels came to their end: agreed by the payee; expired, when the payer closed and nobody objected; disputed, when the payee showed a newer state.',
        unit: 'none',
        noValue: NO_TELEMETRY_FROM_ASE,
        perAse: { maxPerLine: 2 },
        sortBy: [COLUMN.method, COLUMN.reason],
        columns: [
          { title: COLUMN.method, label: 'method', widthPx: 90 },
          { title: COLUMN.reason, label: 'reason', widthPx: 100 },
          { title: COLUMN.total, query: Q.settlement.closed() },
        ],
      }),
    ]),
    line(10, [
      24,
      table({
        title: TITLE.refused('$instance'),
        description:
          'Why claims of peers and orders of the operator were refused. wrong_signature and stale_state: a peer that cheats or lost its books; replayed: an answer was lost, and the peer asked again.',
        unit: 'none',
        noValue: NO_TELEMETRY_FROM_ASE,
        perAse: { maxPerLine: 2 },
        sortBy: [COLUMN.cause],
        columns: [
          { title: COLUMN.cause, label: 'reason', widthPx: 150 },
          { title: COLUMN.total, query: Q.settlement.refusals(), steps: [[1, COLOUR.neutral]] },
        ],
      }),
    ]),
  ],
};
