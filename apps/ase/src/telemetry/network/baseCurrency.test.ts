import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AssetRef, RatesSource } from '../../connector/types.ts';
import { parseDecimal, sameAssetRatio, shiftScale } from '../../rates/fraction.ts';
import { createBaseConversion } from './baseCurrency.ts';

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

const toBaseUnits = (sources: RatesSource[], asset: AssetRef, units: bigint) =>
  createBaseConversion(sources)(asset, units);

test('dollars need no rate, whatever their scale', () => {
  assert.equal(toBaseUnits([rates({})], USD, 1n), 100);
  assert.equal(toBaseUnits([rates({})], { ...USD, assetScale: 4 }, 7n), 7);
  assert.equal(toBaseUnits([rates({})], { ...USD, assetScale: 9 }, 123_456_789n), 1_235);
});

test('other currencies are converted exactly, to the nearest unit', () => {
  assert.equal(toBaseUnits([rates({ EUR: '1.10' })], EUR, 12_345n), 1_357_950);
  assert.equal(toBaseUnits([rates({ EUR: '1.00005' })], EUR, 100n), 10_001);
  assert.equal(toBaseUnits([rates({ EUR: '1.00004' })], EUR, 100n), 10_000);
  assert.equal(toBaseUnits([rates({ JPY: '0.0068' })], { assetCode: 'JPY', assetScale: 0 }, 150n), 10_200);
});

test('own rates come first, the next source is asked where they fail', () => {
  const own = rates({ EUR: '1.10' });
  const daily = rates({ EUR: '2', MXN: '0.05' });
  assert.equal(toBaseUnits([own, daily], EUR, 100n), 11_000);
  assert.equal(toBaseUnits([own, daily], { assetCode: 'MXN', assetScale: 2 }, 100n), 500);
  assert.equal(toBaseUnits([own, daily], { assetCode: 'XXX', assetScale: 2 }, 100n), undefined);
});

test('an amount that no total could tell exactly is not converted', () => {
  assert.equal(toBaseUnits([rates({})], USD, 2n ** 64n - 1n), undefined);
  const whole = { assetCode: 'USD', assetScale: 4 };
  assert.equal(toBaseUnits([rates({})], whole, 2n ** 53n - 1n), 2 ** 53 - 1);
  assert.equal(toBaseUnits([rates({})], whole, 2n ** 53n), undefined);
});

test('a rate that changes counts from the next amount on, and one that is gone is not used', () => {
  const prices: Record<string, string> = { EUR: '1.10' };
  const convert = createBaseConversion([rates(prices)]);
  assert.equal(convert(EUR, 100n), 11_000);
  assert.equal(convert(USD, 100n), 10_000);
  prices.EUR = '1.2';
  assert.equal(convert(EUR, 100n), 12_000);
  delete prices.EUR;
  assert.equal(convert(EUR, 100n), undefined);
});

test('to the nearest unit, whatever amount and rate', () => {
  const amount = fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 9n }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  );
  const price = fc
    .tuple(
      fc.bigInt({ min: 0n, max: 10n ** 17n }),
      fc.bigInt({ min: 1n, max: 10n ** 17n }),
      fc.integer({ min: 1, max: 18 }),
    )
    .map(
      ([whole, decimals, digits]) => `${whole}.${String(decimals).padStart(digits, '0').slice(0, digits)}`,
    );
  const scale = fc.integer({ min: 0, max: 18 });
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, price, scale), { minLength: 1 }), (payments) => {
      const prices: Record<string, string> = {};
      // One conversion for all of them, so that each rate replaces another.
      const convert = createBaseConversion([rates(prices)]);
      for (const [units, text, assetScale] of payments) {
        prices.EUR = text;
        const asset = { assetCode: 'EUR', assetScale };
        const rate = parseDecimal(text);
        const { numerator, denominator } = rate
          ? shiftScale(rate, asset, { assetCode: 'USD', assetScale: 4 })
          : { numerator: 0n, denominator: 0n };
        const converted = convert(asset, units);
        if (denominator === 0n) assert.equal(converted, undefined);
        else if (converted === undefined) assert.ok(units * numerator > (2n ** 53n - 1n) * denominator);
        else {
          const off = 2n * (units * numerator - BigInt(converted) * denominator);
          assert.ok(off >= -denominator && off < denominator);
        }
      }
    }),
  );
});
