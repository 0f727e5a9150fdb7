import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare, type Reading, type Readings } from './compare.ts';
import { keyOf } from './row.ts';

const SENT: Reading = {
  ase: 'a',
  quantity: 'payments_total',
  labels: { state: 'completed', asset: 'USD' },
  value: '7',
};

/** Everybody says the same, but for what `change` does. */
function readings(change: Partial<Readings> = {}): Readings {
  return { ledger: [SENT], sdk: [SENT], collector: [SENT], prometheus: [SENT], ...change };
}

describe('compare', () => {
  it('finds equal what all say', () => {
    const [row, ...more] = compare(readings());
    assert.deepEqual(row, {
      quantity: 'payments_total',
      ase: 'a',
      labels: SENT.labels,
      ledger: '7',
      sdk: '7',
      collector: '7',
      prometheus: '7',
      panel: null,
      equal: true,
      where: null,
    });
    assert.deepEqual(more, []);
  });

  it('does not ask a collector that is not on the way', () => {
    const { collector: _none, ...others } = readings();
    assert.deepEqual(
      compare(others).map(({ equal, collector }) => ({ equal, collector })),
      [{ equal: true, collector: null }],
    );
    assert.equal(compare(readings({ collector: [] }))[0]!.equal, false);
  });

  it('takes labels in any order for the same', () => {
    const swapped = { ...SENT, labels: { asset: 'USD', state: 'completed' } };
    assert.deepEqual(
      compare(readings({ prometheus: [swapped] })).map(({ equal }) => equal),
      [true],
    );
  });

  for (const hop of ['sdk', 'collector', 'prometheus'] as const) {
    it(`is not equal when the number is missing in the ${hop}`, () => {
      const [row] = compare(readings({ [hop]: [] }));
      assert.equal(row!.equal, false);
      assert.equal(row![hop], null);
    });

    it(`is not equal when the ${hop} says another number`, () => {
      assert.equal(compare(readings({ [hop]: [{ ...SENT, value: '70' }] }))[0]!.equal, false);
    });

    it(`is not equal when the ${hop} has the number twice`, () => {
      const [row] = compare(readings({ [hop]: [SENT, SENT] }));
      assert.equal(row!.equal, false);
      assert.equal(row![hop], '7 and 7');
    });
  }

  it('is not equal when nobody but the ledger knows the number, nor when all but the ledger do', () => {
    const nobody = compare(readings({ sdk: [], collector: [], prometheus: [] }));
    const unknown = compare(readings({ ledger: [] }));
    assert.deepEqual([nobody[0]!.equal, unknown[0]!.equal, unknown[0]!.ledger], [false, false, null]);
  });

  it('tells of a dropped label in two rows: one is missing, one is unknown', () => {
    const dropped = { ...SENT, labels: { state: 'completed' } };
    const rows = compare(readings({ sdk: [dropped], collector: [dropped], prometheus: [dropped] }));
    assert.deepEqual(
      rows.map(({ ledger, sdk, equal }) => ({ ledger, sdk, equal })),
      [
        { ledger: '7', sdk: null, equal: false },
        { ledger: null, sdk: '7', equal: false },
      ],
    );
  });
});

it('keyOf tells apart what only a careless join would take for the same', () => {
  const one = keyOf({ ase: 'a', quantity: 'q', labels: { x: '1,y=2' } });
  const two = keyOf({ ase: 'a', quantity: 'q', labels: { x: '1', y: '2' } });
  assert.notEqual(one, two);
});
