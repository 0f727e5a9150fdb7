import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createHttpJson } from './httpJson.ts';
import { createOpenPaymentsClient, RefusedError } from './openPaymentsClient.ts';
import type { Order } from './orders.ts';
import { pay } from './pay.ts';
import { type Call, type Reply, startFakeAse } from './testing.ts';

const http = createHttpJson();
let stop = async () => {};
afterEach(async () => {
  await stop();
  http.close();
});

const order = (kind: Order['kind']): Order => ({
  from: { ase: 'one', wallet: 'alice' },
  to: { ase: 'one', wallet: 'bob' },
  kind,
  amountUnits: 500n,
});

async function payAt(
  overrides?: (call: Call, nth: number) => Reply | 'hang up' | undefined,
  kind: Order['kind'] = 'fixed-send',
) {
  const ase = await startFakeAse(overrides);
  stop = ase.stop;
  const { signal } = new AbortController();
  const client = createOpenPaymentsClient({ http, retryForMs: 5000, signal });
  const outcome = pay(client, order(kind), { key: 'k', urlOf: () => ase.url, signal });
  return { ase, outcome };
}

const refused = (code: string, status = 400): Reply => ({
  status,
  body: { error: { code, description: 'no' } },
});

describe('a payment', () => {
  it('of a fixed send names what leaves, and its receiver is completed by hand', async () => {
    const { ase, outcome } = await payAt();
    assert.deepEqual(await outcome, { state: 'completed', sentUnits: 500n, receivedUnits: 500n });
    const posts = ase.calls.filter(({ method }) => method === 'POST');
    assert.deepEqual(
      posts.map(({ path, key }) => [path, key]),
      [
        ['/incoming-payments', 'k-incoming'],
        ['/quotes', 'k-quote-1'],
        ['/outgoing-payments', 'k-outgoing-1'],
        ['/incoming-payments/x/complete', 'k-complete'],
      ],
    );
    assert.equal(posts[0]!.body.incomingAmount, undefined);
    assert.deepEqual(posts[1]!.body.debitAmount, { value: '500', assetCode: 'USD', assetScale: 2 });
  });

  it('of a fixed receive names what shall arrive, and is complete by itself', async () => {
    const { ase, outcome } = await payAt(undefined, 'fixed-receive');
    assert.equal((await outcome).state, 'completed');
    assert.deepEqual(ase.paths('POST'), ['/incoming-payments', '/quotes', '/outgoing-payments']);
  });

  it('asks again with the same key when the ASE hangs up or is in trouble', async () => {
    const { ase, outcome } = await payAt(({ path }, nth) => {
      if (path !== '/outgoing-payments' || nth > 2) return undefined;
      return nth === 1 ? 'hang up' : refused('unavailable', 503);
    });
    assert.equal((await outcome).state, 'completed');
    const keys = ase.calls.filter(({ method, path }) => method === 'POST' && path === '/outgoing-payments');
    assert.deepEqual(
      keys.map(({ key }) => key),
      ['k-outgoing-1', 'k-outgoing-1', 'k-outgoing-1'],
    );
  });

  it('gets a new quote when the ASE was away for longer than the quote lives', async () => {
    const { ase, outcome } = await payAt(({ path }, nth) =>
      path === '/outgoing-payments' && nth === 1 ? refused('quote_expired') : undefined,
    );
    assert.equal((await outcome).state, 'completed');
    const keys = ase.calls.filter(({ path }) => path === '/quotes').map(({ key }) => key);
    assert.deepEqual(keys, ['k-quote-1', 'k-quote-2']);
  });

  it('is not tried again when the ASE says no', async () => {
    const { ase, outcome } = await payAt(({ path }) =>
      path === '/quotes' ? refused('invalid_request') : undefined,
    );
    await assert.rejects(
      outcome,
      (error) => error instanceof RefusedError && error.code === 'invalid_request',
    );
    assert.equal(ase.paths('POST').filter((path) => path === '/quotes').length, 1);
  });
});
