import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createTokenBucket } from './tokenBucket.ts';

it('never lets more through than a burst and the rate allow', () => {
  const visit = fc.record({ waitMs: fc.nat(2_000), amount: fc.bigInt({ min: 0n, max: 300n }) });
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 200n }), fc.array(visit), (ratePerSecond, visits) => {
      let nowMs = 0;
      let taken = 0n;
      const bucket = createTokenBucket(ratePerSecond, () => nowMs);
      for (const { waitMs, amount } of visits) {
        nowMs += waitMs;
        if (bucket.take(amount)) taken += amount;
        assert.ok(taken * 1_000n <= ratePerSecond * BigInt(nowMs + 1_000));
      }
    }),
  );
});
