import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_RATES } from '../../../rates/src/testing.ts';
import { parseDecimal } from './fraction.ts';
import { createPolledRates, type PolledRates } from './ratesSource.ts';

const USD = { assetCode: 'USD', assetScale: 2 };
const EUR = { assetCode: 'EUR', assetScale: 2 };

describe('decimals', () => {
  test('are exact at any length', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 17n }),
        fc.integer({ min: 1, max: 18 }),
        (digits, decimals) => {
          const padded = digits.toString().padStart(decimals + 1, '0');
          const text = `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
          const fraction = parseDecimal(text);
          if (digits === 0n) assert.equal(fraction, undefined);
          else assert.deepEqual(fraction, { numerator: digits, denominator: 10n ** BigInt(decimals) });
        },
      ),
    );
  });

  for (const text of [
    '',
    '0',
    '0.00',
    '-1',
    '+1',
    '1e3',
    '1,10',
    '.5',
    '5.',
    ' 1',
    '0x10',
    'NaN',
    '1'.repeat(19),
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseDecimal(text), undefined));
  }
});

describe('rates from the rates service', () => {
  let answer: { status: number; body: string };
  let nowMs = 1_000_000;
  let source: PolledRates;
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    // In two parts, so that no Content-Length tells how long it is.
    response.write(answer.body.slice(0, 10));
    response.end(answer.body.slice(10));
  });
  const good = (rates: unknown = DEFAULT_RATES) => ({
    status: 200,
    body: JSON.stringify({ date: '2030-01-31', rates }),
  });
  const pollOnce = async () => {
    source = createPolledRates({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rates`,
      pollMs: 3_600_000,
      maxAgeMs: 60_000,
      nowMs: () => nowMs,
    });
    await source.start();
    source.stop();
  };
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => server.close());

  test('are exact fractions between smallest units', async () => {
    answer = good();
    await pollOnce();
    assert.deepEqual(source.ratio(USD, EUR), { numerator: 91n * 100n, denominator: 100n * 100n });
    assert.deepEqual(source.ratio(EUR, { assetCode: 'USD', assetScale: 4 }), {
      numerator: 110n * 10_000n,
      denominator: 100n * 100n,
    });
    assert.deepEqual(source.current(), [
      { from: 'EUR', to: 'USD', rate: 1.1 },
      { from: 'USD', to: 'EUR', rate: 0.91 },
    ]);
  });

  test('are refused when they are stale', async () => {
    answer = good();
    await pollOnce();
    nowMs += 60_001;
    assert.throws(() => source.ratio(USD, EUR), { code: 'rates_unavailable', reason: 'stale' });
    assert.equal(source.status().ok, false);
    assert.deepEqual(source.current(), []);
  });

  for (const [name, wrong] of [
    ['a pair is missing', good({ EUR: { USD: '1.10' } })],
    ['the service is in trouble', { status: 503, body: '{}' }],
    ['the answer is no JSON', { status: 200, body: '<html>' }],
    ['a rate is a number, not text', good({ USD: { EUR: 0.91 } })],
    ['a rate is negative', good({ USD: { EUR: '-0.91' } })],
    ['a rate is zero', good({ USD: { EUR: '0' } })],
    ['the answer is too large', good({ USD: { EUR: '0.91' }, X: { Y: '1'.repeat(300_000) } })],
  ] as const) {
    test(`are refused when ${name}, but one currency never needs a rate`, async () => {
      answer = wrong;
      await pollOnce();
      assert.throws(() => source.ratio(USD, EUR), { code: 'rates_unavailable', reason: 'missing' });
      assert.deepEqual(source.ratio(USD, { ...USD, assetScale: 4 }), {
        numerator: 10_000n,
        denominator: 100n,
      });
    });
  }
});
