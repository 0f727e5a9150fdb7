import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AssertedCell } from '../../../grafana/src/assertedCells.ts';
import type { Reading as CellReading } from '../../../grafana/src/cells.ts';
import { joinPanels } from './panels.ts';
import type { TruthRow } from './row.ts';

const TOTAL: CellReading = {
  instance: 'a',
  quantity: 'payments_total',
  labels: { direction: 'outgoing', state: 'completed', asset: 'USD' },
  window: 'total',
};
const ROW: TruthRow = {
  quantity: 'payments_total',
  ase: 'a',
  labels: TOTAL.labels,
  ledger: '7',
  sdk: '7',
  collector: '7',
  prometheus: '7',
  panel: null,
  equal: true,
  where: null,
};
const cell = (value: AssertedCell['value']): AssertedCell => ({
  boardUid: 'payments',
  panelTitle: 'a · sent',
  place: { row: { Window: 'All time' }, column: 'Payments' },
  value,
});
const LIFETIME = cell({ kind: 'sum', of: [TOTAL] });
const LAST_HOUR = cell({ kind: 'sum', of: [{ ...TOTAL, window: '1h' }] });
const read = ({ window }: CellReading) => (window === 'total' ? 7n : 3n);

describe('joinPanels', () => {
  it('puts a lifetime total that a panel shows into the row of that total', () => {
    const rows = joinPanels([ROW], [LIFETIME], ['7'], read);
    assert.deepEqual(rows, [{ ...ROW, panel: '7', where: 'payments › a · sent › All time › Payments' }]);
  });

  it('gives a window a row of its own, with what the ledger says about it', () => {
    const [, row] = joinPanels([ROW], [LAST_HOUR], ['3'], read);
    assert.deepEqual(
      [row!.ledger, row!.panel, row!.sdk, row!.equal, row!.labels.window],
      ['3', '3', null, true, '1h'],
    );
  });

  it('gives a second panel with the same total a row of its own', () => {
    const rows = joinPanels([ROW], [LIFETIME, LIFETIME], ['7', '8'], read);
    assert.deepEqual(
      rows.map(({ panel, equal }) => ({ panel, equal })),
      [
        { panel: '7', equal: true },
        { panel: '8', equal: false },
      ],
    );
  });

  for (const [shown, why] of [
    ['70', 'another number'],
    ['7 units', 'more than the number'],
    [null, 'nothing'],
  ] as const) {
    it(`is not equal when the panel shows ${why}`, () => {
      for (const asserted of [LIFETIME, LAST_HOUR]) {
        assert.equal(joinPanels([ROW], [asserted], [shown], read).at(-1)!.equal, false);
      }
    });
  }

  it('wants base units shown in dollars, to the last digit', () => {
    const dollars = { ...LIFETIME, dollarDecimals: 4 };
    const equal = (shown: string) => joinPanels([ROW], [dollars], [shown], read)[0]!.equal;
    assert.equal(equal('$0.0007'), true);
    for (const wrong of ['$0.0070', '7', '$0.001', '0.0007']) assert.equal(equal(wrong), false, wrong);
  });

  it('holds a panel against what a network was told, which need not be the truth', () => {
    const told: TruthRow = { ...ROW, sdk: '9', collector: '9', prometheus: '9', error: '2', bound: '5' };
    const [row] = joinPanels([told], [LIFETIME], ['9'], () => 9n);
    assert.deepEqual([row!.ledger, row!.panel, row!.equal], ['7', '9', true]);
  });

  it('keeps a row unequal whose panel happens to be right', () => {
    assert.equal(joinPanels([{ ...ROW, sdk: '6', equal: false }], [LIFETIME], ['7'], read)[0]!.equal, false);
  });
});
