import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deliveredBy, feeFor, type Path, sourceToDeliver, sourceWithinDebit } from './quoteMath.ts';

const units = fc.bigInt({ min: 1n, max: 10n ** 12n });
const fee = fc.record({
  fixedUnits: fc.bigInt({ min: 0n, max: 1_000n }),
  basisPoints: fc.bigInt({ min: 0n, max: 10_000n }),
});
const path = fc
  .record({
    delivered: fc.bigInt({ min: 1n, max: 30_000n }),
    maxPacketUnits: fc.bigInt({ min: 1n, max: 20_000n }),
  })
  .map(
    ({ delivered, maxPacketUnits }): Path => ({
      low: { numerator: delivered, denominator: maxPacketUnits },
      high: { numerator: delivered + 1n, denominator: maxPacketUnits },
      maxPacketUnits,
    }),
  );

test('a debit pays for what is sent and its fee, and one unit more could not be sent', () => {
  fc.assert(
    fc.property(units, fee, (debit, anyFee) => {
      const source = sourceWithinDebit(debit, anyFee);
      fc.pre(source > 0n);
      assert.ok(source + feeFor(source, anyFee) <= debit);
      assert.ok(source + 1n + feeFor(source + 1n, anyFee) > debit);
    }),
  );
});

test('what is sent to deliver an amount delivers it, and not a whole packet more', () => {
  fc.assert(
    fc.property(units, path, (wanted, anyPath) => {
      const source = sourceToDeliver(wanted, anyPath)!;
      assert.ok(deliveredBy(source, anyPath) >= wanted);
      assert.ok(deliveredBy(source - 1n, anyPath) < wanted);
    }),
  );
});

test('the fee is fixed units and basis points of what is sent, rounded up', () => {
  assert.equal(feeFor(10_000n, { fixedUnits: 100n, basisPoints: 200n }), 300n);
  assert.equal(feeFor(1n, { fixedUnits: 100n, basisPoints: 200n }), 101n);
  assert.equal(sourceWithinDebit(100n, { fixedUnits: 100n, basisPoints: 200n }), 0n);
});

test('nothing can be delivered over a path that rounds every packet to nothing', () => {
  const none = { numerator: 0n, denominator: 1n };
  assert.equal(
    sourceToDeliver(1n, { low: none, high: { numerator: 1n, denominator: 1n }, maxPacketUnits: 1n }),
    undefined,
  );
});
