import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bucketSize, edgesAround, roundAtRandom, roundToBucket } from './buckets.ts';
import { scriptedRandom } from './testing.ts';

describe("Rafiki's buckets", () => {
  /** Interledger's blog, "The Telemetry Tale" (April 2024): raw value, bucket size, rounded value. */
  const TALE = [
    [8300, 10_000, 10_000],
    [13_200, 15_000, 15_000],
    [147_700, 160_000, 160_000],
    [1_426_100, 2_560_000, 2_560_000],
    [1_788_200, 2_560_000, 2_560_000],
    [90_422_400, 10_000_000, 90_000_000],
    [112_400_400, 10_000_000, 100_000_000],
    [222_290_500, 10_000_000, 100_000_000],
  ] as const;

  for (const [raw, bucket, rounded] of TALE) {
    test(`the Telemetry Tale: ${raw} is in a bucket of ${bucket} and becomes ${rounded}`, () => {
      assert.equal(bucketSize(raw), bucket);
      assert.equal(roundToBucket(raw, 100_000_000), rounded);
    });
  }

  test('the code cuts values at the largest bucket, unlike the last three lines of the table', () => {
    assert.deepEqual(
      TALE.map(([raw]) => roundToBucket(raw)),
      [...TALE.slice(0, 5).map(([, , rounded]) => rounded), 10_000_000, 10_000_000, 10_000_000],
    );
  });

  test('every value is rounded as Rafiki rounds it, in every bit', () => {
    // Of lines "value bucket rounded" by Rafiki's own privacy.ts (commit of 2025) for the same 50 031 values; a
    // comparison of all values up to 12 000 000 found no difference either.
    const ofRafiki = '30c769c0efe0c6169ed91a46aa7b95a579a2246457d8a8f16f67b10123cf1a85';
    const hash = createHash('sha256');
    const line = (value: number) => `${value} ${bucketSize(value)} ${roundToBucket(value)}\n`;
    for (let value = 1; value <= 30_000; value++) hash.update(line(value));
    for (let value = 30_000; value <= 20_000_000; value += 997) hash.update(line(value));
    assert.equal(hash.digest('hex'), ofRafiki);
  });
});

describe('rounding at random', () => {
  const value = fc.integer({ min: 1, max: 10_000_000_000 });

  test('the edges are what Rafiki rounds to', () => {
    const edges = [
      0, 2500, 5000, 10_000, 15_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 1_280_000,
    ];
    edges.push(2_560_000, 5_120_000, 10_000_000, 20_000_000, 30_000_000);
    for (const [i, lower] of edges.slice(0, -1).entries()) {
      const upper = edges[i + 1]!;
      assert.deepEqual(edgesAround(lower + 1, 1e10), { lower, upper });
      assert.deepEqual(edgesAround(upper, 1e10), { lower, upper });
      if (upper <= 10_000_000) assert.equal(roundToBucket(upper), upper);
    }
  });

  test('the clip is the last edge', () => {
    assert.deepEqual(edgesAround(100, 100), { lower: 0, upper: 100 });
    assert.deepEqual(edgesAround(3000, 4000), { lower: 2500, upper: 4000 });
  });

  test('edges are beside the value and within the clip', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [amount, clip] = one < other ? [one, other] : [other, one];
        const { lower, upper } = edgesAround(amount, clip);
        assert.ok(0 <= lower && lower < amount && amount <= upper && upper <= clip);
        if (lower > 0)
          assert.equal(edgesAround(lower, clip).upper, lower, 'an edge is an edge for its neighbours too');
      }),
    );
  });

  test('the expectation is the value, exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 0, max: 20_000 }),
        (amount, more) => {
          const { lower, upper } = edgesAround(amount, amount + more);
          // One of each number that can be drawn, which all are as likely.
          const all = scriptedRandom(Array.from({ length: upper - lower }, (_, i) => i));
          let sum = 0;
          for (let i = lower; i < upper; i++) sum += roundAtRandom(all, amount, amount + more).rounded;
          assert.equal(sum, amount * (upper - lower));
        },
      ),
    );
  });
});
