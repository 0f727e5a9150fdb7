import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { median, percentile, range } from './statistics.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

test('the median is the middle one, or half way between the two in the middle', () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 1, 3, 2]), 2.5);
});

test('a percentile is the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(percentile(hundred, 95), 95);
  assert.equal(percentile(hundred, 50), 50);
  assert.equal(percentile(hundred, 100), 100);
  assert.equal(percentile([4, 2], 50), 2);
  assert.equal(percentile([4, 2], 51), 4);
});

test('a percentile was measured, and that many do not exceed it', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (list, percent) => {
      const value = percentile(list, percent);
      assert.ok(list.includes(value));
      const share = (count: number) => (100 * count) / list.length;
      assert.ok(share(list.filter((other) => other <= value).length) >= percent);
      assert.ok(share(list.filter((other) => other < value).length) < percent);
    }),
  );
});

test('the median lies within the range, whatever the order', () => {
  fc.assert(
    fc.property(values, (list) => {
      const { min, max } = range(list);
      assert.ok(min <= median(list) && median(list) <= max);
      assert.equal(median(list), median(list.toReversed()));
    }),
  );
});

test('of nothing there is no figure', () => {
  for (const figure of [median, range, (list: number[]) => percentile(list, 50)]) {
    assert.throws(() => figure([]), RangeError);
  }
  assert.throws(() => percentile([1], 0), RangeError);
  assert.throws(() => percentile([1], 101), RangeError);
});
