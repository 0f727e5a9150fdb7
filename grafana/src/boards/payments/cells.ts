import type { PaymentDirection } from '../../../../telemetry/catalogue.ts';
import {
  type AssertedCell,
  cellsOn,
  type Formula,
  type Reading,
  type ShownAse,
  type ShownAses,
} from '../../cells.ts';
import { WINDOWS, type Window } from '../../windows.ts';
import { NO_PAYMENTS } from '../../words.ts';
import { COLUMN, DIRECTIONS, PAYMENTS_UID, TITLE } from './names.ts';

const { whole } = cellsOn(PAYMENTS_UID);

/** Where the ledger's numbers stand on the Payments board. */
export function paymentsCells(ases: ShownAses): AssertedCell[] {
  const ended = (direction: PaymentDirection, state: string) =>
    ases.map((ase) => payments(ase, direction, state, '1h'));
  const sent = ended('outgoing', 'completed');
  const failed = ended('outgoing', 'failed');
  return [
    whole(TITLE.sent, { kind: 'sum', of: sent }),
    whole(TITLE.received, { kind: 'sum', of: ended('incoming', 'completed') }),
    whole(TITLE.failed, { kind: 'sum', of: failed }),
    whole(TITLE.success, { kind: 'ratio', part: sent, whole: [...sent, ...failed], none: NO_PAYMENTS }),
    ...ases.flatMap((ase) => DIRECTIONS.flatMap((direction) => tableCells(ase, direction))),
  ];
}

function tableCells(ase: ShownAse, direction: PaymentDirection): AssertedCell[] {
  return WINDOWS.flatMap(({ id: window, text }) => {
    const count = payments(ase, direction, 'completed', window);
    const total: Reading = {
      instance: ase.name,
      quantity: 'payment_amount_units_total',
      labels: { direction, asset: ase.assetCode },
      window,
    };
    const cell = (column: string, value: Formula): AssertedCell => ({
      boardUid: PAYMENTS_UID,
      panelTitle: TITLE.byAse[direction](ase.name),
      place: { row: { [COLUMN.window]: text, [COLUMN.asset]: ase.assetCode }, column },
      value,
    });
    return [
      cell(COLUMN.number, { kind: 'sum', of: [count] }),
      cell(COLUMN.value, { kind: 'sum', of: [total] }),
      cell(COLUMN.average, { kind: 'average', total: [total], count: [count], none: NO_PAYMENTS }),
    ];
  });
}

function payments(ase: ShownAse, direction: PaymentDirection, state: string, window: Window): Reading {
  return {
    instance: ase.name,
    quantity: 'payments_total',
    labels: { direction, state, asset: ase.assetCode },
    window,
  };
}
