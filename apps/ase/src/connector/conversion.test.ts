import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { convertUnits, largestConvertible, MAX_AMOUNT } from './conversion.ts';

const amount = fc.bigInt({ min: 0n, max: MAX_AMOUNT });
const ratio = fc.record({
  numerator: fc.bigInt({ min: 1n, max: 10n ** 18n }),
  denominator: fc.bigInt({ min: 1n, max: 10n ** 18n }),
});

it('rounds down and loses less than one unit', () => {
  fc.assert(
    fc.property(amount, ratio, (units, { numerator, denominator }) => {
      const converted = convertUnits(units, { numerator, denominator });
      assert.ok(converted * denominator <= units * numerator);
      assert.ok((converted + 1n) * denominator > units * numerator);
    }),
  );
});

it('never makes money on the way there and back', () => {
  fc.assert(
    fc.property(amount, ratio, (units, { numerator, denominator }) => {
      const there = convertUnits(units, { numerator, denominator });
      assert.ok(convertUnits(there, { numerator: denominator, denominator: numerator }) <= units);
    }),
  );
});

it('keeps the order of amounts', () => {
  fc.assert(
    fc.property(amount, amount, ratio, (a, b, rate) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      assert.ok(convertUnits(less, rate) <= convertUnits(more, rate));
    }),
  );
});

it('knows the largest amount that still fits a packet after conversion', () => {
  fc.assert(
    fc.property(ratio, (rate) => {
      const largest = largestConvertible(rate);
      assert.ok(convertUnits(largest, rate) <= MAX_AMOUNT);
      assert.ok(largest === MAX_AMOUNT || convertUnits(largest + 1n, rate) > MAX_AMOUNT);
    }),
  );
});

it('refuses what is no ratio', () => {
  assert.throws(() => convertUnits(-1n, { numerator: 1n, denominator: 1n }), RangeError);
  assert.throws(() => convertUnits(1n, { numerator: 1n, denominator: 0n }), RangeError);
});
