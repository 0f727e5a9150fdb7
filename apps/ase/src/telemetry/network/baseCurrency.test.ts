import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RatesSource } from '../../connector/types.ts';
import { type Fraction, parseDecimal, sameAssetRatio, shiftScale } from '../../rates/fraction.ts';
import { toBaseUnits } from './baseCurrency.ts';

const USD = { assetCode: 'USD', assetScale: 2 };
const EUR = { assetCode: 'EUR', assetScale: 2 };

/** Rates to USD, as a rates source has them. */
function rates(prices: Record<string, string>): RatesSource {
  return {
    ratio(from, to) {
      if (from.assetCode === to.assetCode) return sameAssetRatio(from, to);
      const price = parseDecimal(prices[from.assetCode] ?? '');
      if (!price) throw new Error('there is no rate');
      return shiftScale(price, from, to);
    },
  };
}

test('dollars need no rate, whatever their scale', () => {
  assert.equal(toBaseUnits([rates({})], USD, 1n), 100n);
  assert.equal(toBaseUnits([rates({})], { ...USD, assetScale: 4 }, 7n), 7n);
  assert.equal(toBaseUnits([rates({})], { ...USD, assetScale: 9 }, 123_456_789n), 1_235n);
});

test('other currencies are converted exactly, to the nearest unit', () => {
  assert.equal(toBaseUnits([rates({ EUR: '1.10' })], EUR, 12_345n), 1_357_950n);
  assert.equal(toBaseUnits([rates({ EUR: '1.00005' })], EUR, 100n), 10_001n);
  assert.equal(toBaseUnits([rates({ EUR: '1.00004' })], EUR, 100n), 10_000n);
  assert.equal(toBaseUnits([rates({ JPY: '0.0068' })], { assetCode: 'JPY', assetScale: 0 }, 150n), 10_200n);
});

test('own rates come first, the next source is asked where they fail', () => {
  const own = rates({ EUR: '1.10' });
  const daily = rates({ EUR: '2', MXN: '0.05' });
  assert.equal(toBaseUnits([own, daily], EUR, 100n), 11_000n);
  assert.equal(toBaseUnits([own, daily], { assetCode: 'MXN', assetScale: 2 }, 100n), 500n);
  assert.equal(toBaseUnits([own, daily], { assetCode: 'XXX', assetScale: 2 }, 100n), undefined);
});

test('an amount that no total could tell exactly is not converted', () => {
  assert.equal(toBaseUnits([rates({})], USD, 2n ** 64n - 1n), undefined);
});

test('never off by more than half a unit', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 9n });
  const price = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 999_999 }));
  fc.assert(
    fc.property(amount, price, (units, [whole, decimals]) => {
      const text = `${whole}.${String(decimals).padStart(6, '0')}`;
      const { numerator, denominator }: Fraction = shiftScale(parseDecimal(text)!, EUR, {
        assetCode: 'USD',
        assetScale: 4,
      });
      const converted = toBaseUnits([rates({ EUR: text })], EUR, units)!;
      const off = 2n * (converted * denominator - units * numerator);
      assert.ok(off <= denominator && off >= -denominator);
    }),
  );
});
