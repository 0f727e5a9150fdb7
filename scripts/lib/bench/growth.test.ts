import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthOf } from './growth.ts';

const every10s = (values: readonly number[]) => values.map((value, i) => ({ atMs: i * 10_000, value }));
const WINDOWS = { warmUpMs: 20_000, windowMs: 20_000 };

test('growth is from after the warm-up to the end, and a peak is none', () => {
  const samples = every10s([10, 50, 100, 100, 900, 100, 100, 105, 110]);
  assert.deepEqual(growthOf(samples, WINDOWS), { start: 100, end: 105, growthPercent: 5.000000000000004 });
});

test('what shrinks has grown by less than nothing', () => {
  assert.equal(growthOf(every10s([1, 1, 100, 100, 100, 50, 50, 50]), WINDOWS).growthPercent, -50);
});

test('without samples, or from nothing, there is no growth to tell', () => {
  assert.throws(() => growthOf([], WINDOWS), RangeError);
  assert.throws(() => growthOf(every10s([1, 1]), WINDOWS), RangeError);
  assert.throws(() => growthOf(every10s([0, 0, 0, 0, 0]), WINDOWS), RangeError);
});
