import assert from 'node:assert/strict';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { createRatesApp } from './app.ts';
import { RatesRefused } from './dailyRates.ts';
import { DEFAULT_RATES, dayOf } from './testing.ts';

const NOW_MS = Date.parse('2030-01-31T10:00:00Z');

describe('the rates service', () => {
  test('serves the day with cache headers until the next run, its health, and nothing else', async (t) => {
    let current = () => dayOf(DEFAULT_RATES, NOW_MS);
    const app = createRatesApp({ rates: { current: () => current() }, nowMs: () => NOW_MS });
    const server = app.listen(0, '127.0.0.1');
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = await new Promise<string>((resolve) => {
      server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
    const answer = await fetch(`${url}/rates`);
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=60');
    assert.equal(answer.headers.get('last-modified'), 'Thu, 31 Jan 2030 10:00:00 GMT');
    assert.equal(answer.headers.get('x-powered-by'), null);
    assert.deepEqual(await answer.json(), { date: '2030-01-31', rates: DEFAULT_RATES });

    // The form that a real Rafiki asks for.
    const based = await fetch(`${url}/rates?base=EUR`);
    assert.deepEqual(await based.json(), { base: 'EUR', rates: { USD: 1.1 } });
    for (const base of ['XYZ', '', 'toString', 'EUR&base=USD']) {
      assert.equal((await fetch(`${url}/rates?base=${base}`)).status, 404, base);
    }

    const tag = answer.headers.get('etag')!;
    assert.match(tag, /^"/, 'a strong one');
    assert.equal(await statusFor(`${url}/rates`, tag), 304);
    current = () => dayOf({ JPY: { USD: '0.0067' } }, NOW_MS);
    assert.equal(await statusFor(`${url}/rates`, tag), 200);

    current = () => {
      throw new RatesRefused('rates_stale', 'The rates of 2030-01-01 are older than 48 hours');
    };
    const refused = await fetch(`${url}/rates`);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await refused.json(), {
      error: { code: 'rates_stale', description: 'The rates of 2030-01-01 are older than 48 hours' },
    });
    assert.equal((await fetch(`${url}/health`)).status, 200);
    assert.equal((await fetch(`${url}/other`)).status, 404);
  });
});

/** Of a request that names what it has already. By node:http: fetch() would ask every cache on the way to look anew. */
function statusFor(url: string, tag: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'if-none-match': tag } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
