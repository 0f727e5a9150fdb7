import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { median, medianInterval, percentile, range } from './statistics.ts';

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

test('the interval of a median is what tables of the sign test have, and nothing where there are too few rounds', () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => count - i);
  assert.equal(medianInterval(upTo(5)), undefined);
  assert.deepEqual(medianInterval(upTo(6)), { min: 1, max: 6 });
  assert.deepEqual(medianInterval(upTo(10)), { min: 2, max: 9 });
  assert.deepEqual(medianInterval(upTo(20)), { min: 6, max: 15 });
  assert.deepEqual(medianInterval(upTo(40)), { min: 14, max: 27 });
  assert.deepEqual(medianInterval(upTo(40), 0.99), { min: 12, max: 29 });
  const { min, max } = medianInterval(upTo(2_000))!;
  // By the normal distribution: 1000 ± 0.98 · √2000.
  assert.ok(Math.abs(min - 956) <= 1 && Math.abs(max - 1_045) <= 1, `${min} to ${max}`);
});

test('the median is within its interval, whatever the values', () => {
  fc.assert(
    fc.property(values, (list) => {
      const interval = medianInterval(list);
      if (interval) assert.ok(interval.min <= median(list) && median(list) <= interval.max);
      else assert.ok(list.length < 6);
    }),
  );
});

test('of nothing there is no figure', () => {
  for (const figure of [median, medianInterval, range, (list: number[]) => percentile(list, 50)]) {
    assert.throws(() => figure([]), RangeError);
  }
  assert.throws(() => percentile([1], 0), RangeError);
  assert.throws(() => percentile([1], 101), RangeError);
  assert.throws(() => medianInterval([1], 1), RangeError);
});
