import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearest, suggestion } from './nearest.ts';

const VERBS = ['up', 'down', 'status', 'seed', 'truth', 'doctor', 'dashboards'];

for (const [typed, meant] of [
  ['sede', 'seed'],
  ['stauts', 'status'],
  ['dahsboards', 'dashboards'],
  ['dash', 'dashboards'],
  ['zzzzzz', undefined],
  ['', undefined],
] as const) {
  it(`takes ${JSON.stringify(typed)} for ${meant ?? 'nothing'}`, () =>
    assert.equal(nearest(typed, VERBS), meant));
}

it('suggests with the dashes of a flag', () => {
  assert.equal(suggestion('jsn', ['json'], '--'), ': did you mean --json?');
  assert.equal(suggestion('xxxxxxxx', ['json'], '--'), '');
});

it('measures a distance: symmetric, zero only for equal words', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.equal(editDistance(a, b) === 0, a === b);
    }),
  );
});
