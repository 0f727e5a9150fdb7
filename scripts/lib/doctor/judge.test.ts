import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Reading } from '../truth/compare.ts';
import { isRight, judge, verdictWords } from './judge.ts';

const counter = (value: number | string): Reading => ({
  ase: 'a',
  quantity: 'payments_total',
  labels: { state: 'completed' },
  value: String(value),
});
const gauge = (value: number | string): Reading => ({ ...counter(value), quantity: 'account_balance_units' });

describe('judge', () => {
  for (const [what, before, shown, after, words] of [
    ['a counter that stands', counter(5), [counter(5)], counter(5), undefined],
    ['a counter read between two looks', counter(5), [counter(6)], counter(9), undefined],
    [
      'a counter that has not arrived',
      counter(5),
      [counter(4)],
      counter(5),
      /1 number behind.* is 4, the ledger says 5/,
    ],
    [
      'a counter times ten',
      counter(5),
      [counter(50)],
      counter(6),
      /1 number wrong.* is 50, the ledger says 5/,
    ],
    ['a lost counter', counter(5), [], counter(5), /1 number missing: payments_total/],
    ['a gauge that stands', gauge(-5), [gauge(-5)], gauge(-5), undefined],
    ['a gauge that moves', gauge(-5), [gauge(3)], gauge(7), undefined],
    ['a wrong gauge', gauge(-5), [gauge(5)], gauge(-5), /1 number behind/],
    [
      'a renamed counter',
      counter(5),
      [{ ...counter(5), quantity: 'other_total' }],
      counter(5),
      /missing: payments_total, 1 number that the ledger does not know: other_total/,
    ],
  ] as const) {
    it(`knows ${what}`, () => {
      const verdict = judge([before], shown, [after]);
      assert.equal(isRight(verdict), words === undefined);
      const told = verdictWords(verdict);
      if (words === undefined) assert.equal(told, undefined);
      else assert.match(told ?? '', words);
    });
  }

  it('is right about every counter that is read at any moment between the two looks', () => {
    const steps = fc.array(fc.nat(1000), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.nat(1e9), steps, fc.nat(), (start, increments, at) => {
        const values = [start];
        for (const step of increments) values.push(values.at(-1)! + step);
        const shown = values[at % values.length]!;
        assert.ok(isRight(judge([counter(start)], [counter(shown)], [counter(values.at(-1)!)])));
      }),
    );
  });
});
