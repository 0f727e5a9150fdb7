import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { createRatesApp, DEFAULT_RATES, parseRates } from './app.ts';

describe('the rates service', () => {
  test('serves the table with cache headers, its health, and nothing else', async () => {
    let rates = DEFAULT_RATES;
    const app = createRatesApp({ readRates: () => rates, now: () => new Date('2030-01-31T10:00:00Z') });
    const server = app.listen(0, '127.0.0.1');
    const url = await new Promise<string>((resolve) => {
      server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
    const answer = await fetch(`${url}/rates`);
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=5');
    assert.equal(answer.headers.get('x-powered-by'), null);
    assert.deepEqual(await answer.json(), { date: '2030-01-31', rates: DEFAULT_RATES });
    rates = { JPY: { USD: '0.0067' } };
    const changed = (await (await fetch(`${url}/rates`)).json()) as { rates: unknown };
    assert.deepEqual(changed.rates, rates);
    assert.equal((await fetch(`${url}/health`)).status, 200);
    assert.equal((await fetch(`${url}/other`)).status, 404);
    server.close();
    server.closeAllConnections();
  });

  test('names what is wrong in a rates file', () => {
    assert.throws(() => parseRates({ EUR: { USD: 1.1 } }), /EUR\.USD/);
    assert.throws(() => parseRates({ EUR: { USD: '0.0' } }), /above 0/);
    assert.throws(() => parseRates({ euro: {} }), /euro/);
  });
});
