import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { highestHeld } from './highestHeld.ts';

const limit = (most: number) => async (rate: number) => rate <= most;

test('the rate that is found is held, and a tenth more is not', async () => {
  const rates = fc.integer({ min: 1, max: 1000 });
  await fc.assert(
    fc.asyncProperty(rates, rates, async (bound, from) => {
      const found = await highestHeld(limit(bound), { from, most: 1000 });
      assert.ok(found <= bound);
      assert.ok(bound <= Math.max(found * 1.1, found + 1), `${found} of ${bound}`);
    }),
  );
});

test('nothing is tried above the most, and nothing held is 0', async () => {
  const tried: number[] = [];
  const isHeld = async (rate: number) => tried.push(rate) > 0;
  assert.equal(await highestHeld(isHeld, { from: 10, most: 30 }), 30);
  assert.deepEqual(tried, [10, 15, 23, 30]);
  assert.equal(await highestHeld(limit(0), { from: 10, most: 30 }), 0);
});
