import { MECHANISMS } from '../../../../apps/ase/src/telemetry/privacy/mechanism.ts';
import { type AssertedCell, DOLLAR_DECIMALS, type Reading, type ShownAses } from '../../cells.ts';
import { COLUMN, PRIVACY_LAB_UID, TITLE } from './names.ts';

/** Where truth and published totals of the ASEs that tell a network stand in the Privacy lab. */
export function privacyLabCells(ases: ShownAses): AssertedCell[] {
  return ases
    .filter(({ network }) => network !== undefined)
    .flatMap(({ name: instance }) =>
      MECHANISMS.flatMap((mechanism) => {
        const cell = (column: string, of: Pick<Reading, 'quantity' | 'labels'>): AssertedCell => ({
          boardUid: PRIVACY_LAB_UID,
          panelTitle: TITLE.totals(instance),
          place: { row: { [COLUMN.mechanism]: mechanism }, column },
          value: { kind: 'sum', of: [{ instance, window: 'total', ...of }] },
          dollarDecimals: DOLLAR_DECIMALS.exact,
        });
        return [
          cell(COLUMN.truth, { quantity: 'network_amount_true_units_total', labels: {} }),
          cell(COLUMN.published, {
            quantity: 'network_amount_published_units_total',
            labels: { mechanism },
          }),
        ];
      }),
    );
}
