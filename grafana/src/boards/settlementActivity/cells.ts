import {
  CHANNEL_CLOSE_REASONS,
  CHANNEL_STATUSES,
  type MetricName,
  SETTLEMENT_METHODS,
  SETTLEMENT_REFUSALS,
  SETTLEMENT_STATUSES,
} from '../../../../telemetry/catalogue.ts';
import { type AssertedCell, cellsOn, inLastHour, type ShownAse, type ShownAses } from '../../cells.ts';
import type { Window } from '../../windows.ts';
import { NO_SETTLEMENTS } from '../../words.ts';
import { COLUMN, SETTLEMENT_ACTIVITY_UID, TITLE } from './names.ts';

const { inTable, whole } = cellsOn(SETTLEMENT_ACTIVITY_UID);

/** Where the ledger's numbers stand on the board Settlement activity. */
export function settlementActivityCells(ases: ShownAses): AssertedCell[] {
  const ended = (status: string) =>
    SETTLEMENT_METHODS.flatMap((method) =>
      inLastHour(ases, 'settlements_executed_total', { method, status }),
    );
  return [
    whole(TITLE.done, { kind: 'sum', of: ended('success') }),
    whole(TITLE.failed, { kind: 'sum', of: ended('failed') }),
    whole(TITLE.success, {
      kind: 'ratio',
      part: ended('success'),
      whole: [...ended('success'), ...ended('failed')],
      none: NO_SETTLEMENTS,
    }),
    whole(TITLE.disputes, {
      kind: 'sum',
      of: SETTLEMENT_METHODS.flatMap((method) =>
        inLastHour(ases, 'payment_channels_disputes_total', { method }),
      ),
    }),
    whole(TITLE.refusals, {
      kind: 'sum',
      of: SETTLEMENT_REFUSALS.flatMap((reason) => inLastHour(ases, 'settlement_refusals_total', { reason })),
    }),
    ...ases.flatMap((ase) => [
      ...settlementCells(ase),
      ...moneyCells(ase),
      ...channelCells(ase),
      ...refusalCells(ase),
    ]),
  ];
}

const COUNTED: [Window, column: string][] = [
  ['1h', COLUMN.lastHour],
  ['total', COLUMN.total],
];

function settlementCells({ name }: ShownAse): AssertedCell[] {
  return SETTLEMENT_METHODS.flatMap((method) =>
    SETTLEMENT_STATUSES.flatMap((status) =>
      COUNTED.map(([window, column]) =>
        inTable(TITLE.settlements, { [COLUMN.method]: method, [COLUMN.outcome]: status }, column, {
          instance: name,
          quantity: 'settlements_executed_total',
          labels: { method, status },
          window,
        }),
      ),
    ),
  );
}

function moneyCells({ name, peers }: ShownAse): AssertedCell[] {
  const tokens = [...new Set(peers.map(({ assetCode }) => assetCode))];
  const columns: [quantity: MetricName, column: string][] = [
    ['settlement_amount_total', COLUMN.paid],
    ['settlement_chain_balance_units', COLUMN.onChain],
  ];
  return SETTLEMENT_METHODS.flatMap((method) =>
    tokens.flatMap((token) =>
      columns.map(([quantity, column]) =>
        inTable(TITLE.money, { [COLUMN.method]: method, [COLUMN.token]: token }, column, {
          instance: name,
          quantity,
          labels: { method, token },
          window: 'total',
        }),
      ),
    ),
  );
}

function channelCells({ name }: ShownAse): AssertedCell[] {
  return SETTLEMENT_METHODS.flatMap((method) => [
    ...CHANNEL_STATUSES.map((status) =>
      inTable(TITLE.channels, { [COLUMN.method]: method, [COLUMN.status]: status }, COLUMN.now, {
        instance: name,
        quantity: 'payment_channels_active',
        labels: { method, status },
        window: 'total',
      }),
    ),
    ...CHANNEL_CLOSE_REASONS.map((reason) =>
      inTable(TITLE.closed, { [COLUMN.method]: method, [COLUMN.reason]: reason }, COLUMN.total, {
        instance: name,
        quantity: 'payment_channels_closed_total',
        labels: { method, reason },
        window: 'total',
      }),
    ),
  ]);
}

function refusalCells({ name }: ShownAse): AssertedCell[] {
  return SETTLEMENT_REFUSALS.map((reason) =>
    inTable(TITLE.refused, { [COLUMN.cause]: reason }, COLUMN.total, {
      instance: name,
      quantity: 'settlement_refusals_total',
      labels: { reason },
      window: 'total',
    }),
  );
}
