import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertUnits } from '../../connector/conversion.ts';
import { shiftScale } from '../../rates/fraction.ts';
import type { RateTable } from '../../rates/ratesSource.ts';
import { parseExternalRates } from './externalRates.ts';

const NOW_MS = Date.parse('2025-03-10T12:00:00Z');

/** 10^12 units of a currency in dollars, of the same scale: twelve digits of the rate. */
const digits = (table: RateTable, code: string): bigint => {
  const rate = table.get(code)?.get('USD');
  assert.ok(rate, code);
  const asset = { assetCode: code, assetScale: 0 };
  return convertUnits(10n ** 12n, shiftScale(rate, asset, asset));
};

test("the form of Rafiki's file: what a dollar is in others, numbers as they are written", () => {
  const body = '{"base":"USD","rates":{"EUR":0.8,"JPY":149.123456789012345,"XYZ":2.5e-7,"USD":1}}';
  const table = parseExternalRates(body, NOW_MS);
  assert.equal(digits(table, 'EUR'), 1_250_000_000_000n);
  assert.deepEqual(table.get('JPY')?.get('USD'), {
    numerator: 10n ** 15n,
    denominator: 149_123_456_789_012_345n,
  });
  assert.equal(digits(table, 'XYZ'), 4_000_000_000_000_000_000n);
});

test('the same with another base', () => {
  const table = parseExternalRates('{"base":"EUR","rates":{"USD":1.25,"MXN":20}}', NOW_MS);
  assert.equal(digits(table, 'EUR'), 1_250_000_000_000n);
  assert.equal(digits(table, 'MXN'), 62_500_000_000n);
});

test("the form of the playground's own service: pairs, either way round", () => {
  const rates = { EUR: { USD: '1.10' }, USD: { EUR: '0.5', GBP: '0.8' } };
  const table = parseExternalRates(JSON.stringify({ date: '2025-03-10', rates }), NOW_MS);
  assert.equal(digits(table, 'EUR'), 1_100_000_000_000n);
  assert.equal(digits(table, 'GBP'), 1_250_000_000_000n);
});

for (const [what, body, why] of [
  ['no JSON', 'rates', /JSON/],
  ['something else', '[]', /not valid/],
  ['no rate to dollars', '{"base":"EUR","rates":{"MXN":20}}', /no rate to USD/],
  ['rates of long ago', '{"date":"2025-03-01","rates":{"EUR":{"USD":"1.1"}}}', /2025-03-01/],
  ['rates that are none', '{"base":"USD","rates":{"EUR":0,"GBP":-1,"MXN":"x"}}', /EUR.*GBP.*MXN/s],
  ['codes that are none', '{"base":"USD","rates":{"Euro":0.9}}', /Euro/],
] as const) {
  test(`${what}: refused, every problem named`, () => {
    assert.throws(() => parseExternalRates(body, NOW_MS), why);
  });
}
