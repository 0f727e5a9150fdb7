import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gridOf } from './grid.ts';

test('the times are whole steps, the first not after the range begins', () => {
  assert.deepEqual(gridOf(1_000_700, 1_060_900, 2000, false), { start: 1000, end: 1060, step: 2 });
});

test('for who has nothing to see the last time is the end of the range', () => {
  assert.deepEqual(gridOf(1_000_700, 1_060_900, 2000, true), { start: 1000.9 - 2, end: 1060.9, step: 2 });
});

test('the range is covered to less than a step, with a whole number of steps', () => {
  const ms = fc.integer({ min: 0, max: 4e12 });
  fc.assert(
    fc.property(
      ms,
      fc.nat(1e9),
      fc.integer({ min: 1, max: 86_400_000 }),
      fc.boolean(),
      (from, span, step, endsNow) => {
        const to = from + span;
        const grid = gridOf(from, to, step, endsNow);
        const [start, end] = [Math.round(grid.start * 1000), Math.round(grid.end * 1000)];
        assert.ok(start <= from && from - start < step);
        assert.ok(end <= to && to - end < (endsNow ? 1 : step));
        assert.equal((end - start) % step, 0);
      },
    ),
  );
});
