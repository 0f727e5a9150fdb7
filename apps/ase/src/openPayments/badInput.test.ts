import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createTestNetwork, type RequestOptions, type TestNetwork } from '../testNetwork.ts';

const USD = { assetCode: 'USD', assetScale: 2 };
const MISSING_ID = '00000000-0000-4000-8000-000000000000';

interface Bad extends RequestOptions {
  name: string;
  method?: string;
  path: string;
  status: number;
  code?: string;
  /** The member that the answer must name. */
  field?: string;
}

describe('bad requests get one clear answer and change nothing in the books', () => {
  let network: TestNetwork;
  let wallet: string;
  let receiver: string;
  let strangerRequests = 0;
  const stranger = createServer((_request, response) => {
    strangerRequests += 1;
    response.end('{}');
  });

  before(async () => {
    network = await createTestNetwork(1, { ASE_QUOTE_TTL_SECONDS: '1' });
    await Promise.all([network.start('cloud-nine'), network.start('happy-life')]);
    wallet = `${network.urls['cloud-nine']}/alice`;
    const body = {
      walletAddress: `${network.urls['happy-life']}/bob`,
      incomingAmount: { value: '1000', assetCode: 'EUR', assetScale: 2 },
    };
    receiver = (await network.request('happy-life', 'POST', '/incoming-payments', { body })).body.id;
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    stranger.close();
    await network.close();
  });

  const books = async () => {
    const { totals, accounts } = await network.admin('cloud-nine', '/admin/ledger');
    return { totals: totals.filter(({ quantity }) => quantity.startsWith('payment')), accounts };
  };

  function check(name: string, cases: () => Bad[]): void {
    test(name, async (t) => {
      for (const bad of cases()) {
        await t.test(bad.name, async () => {
          const before = await books();
          const answer = await network.request('cloud-nine', bad.method ?? 'POST', bad.path, bad);
          assert.equal(answer.status, bad.status, JSON.stringify(answer.body));
          const { error } = answer.body;
          assert.equal(typeof error.description, 'string');
          if (bad.code) assert.equal(error.code, bad.code);
          if (bad.field) {
            const fields = error.details.problems.map((problem: { field: string }) => problem.field);
            assert.ok(fields.includes(bad.field), `${fields} should include ${bad.field}`);
            assert.ok(error.description.includes(bad.field));
          }
          assert.deepEqual(await books(), before);
        });
      }
    });
  }

  const badAmounts = (
    amount: (value: unknown, rest?: object) => { body: object; field: string },
    path: string,
  ): Bad[] => {
    const bad = (name: string, value: unknown, rest: object = {}, field = 'value'): Bad => {
      const made = amount(value, rest);
      return {
        name,
        path,
        status: 400,
        code: 'invalid_request',
        body: made.body,
        field: `${made.field}.${field}`,
      };
    };
    return [
      bad('negative', '-100'),
      bad('zero', '0'),
      bad('many zeros', '000'),
      bad('fractional', '1.5'),
      bad('leading plus', '+100'),
      bad('exponent', '1e3'),
      bad('hexadecimal', '0x10'),
      bad('blank', ''),
      bad('a space', ' 100'),
      bad('a number instead of text', 100),
      bad('null', null),
      bad('2^63', (2n ** 63n).toString()),
      bad('a thousand digits', '9'.repeat(1_000)),
      bad('wrong asset', '100', { assetCode: 'XYZ' }, 'assetCode'),
      bad('wrong scale', '100', { assetScale: 9 }, 'assetScale'),
      bad('scale as text', '100', { assetScale: '2' }, 'assetScale'),
      bad('unknown member', '100', { currency: 'USD' }, 'currency'),
    ];
  };

  check('incomingAmount', () =>
    badAmounts(
      (value, rest) => ({
        body: { walletAddress: wallet, incomingAmount: { value, ...USD, ...rest } },
        field: 'incomingAmount',
      }),
      '/incoming-payments',
    ),
  );

  check('debitAmount', () =>
    badAmounts(
      (value, rest) => ({
        body: { walletAddress: wallet, receiver, method: 'ilp', debitAmount: { value, ...USD, ...rest } },
        field: 'debitAmount',
      }),
      '/quotes',
    ),
  );

  const quote = (members: object): { path: string; body: object } => ({
    path: '/quotes',
    body: { walletAddress: wallet, receiver, method: 'ilp', ...members },
  });
  const eur = (value: string, rest: object = {}) => ({ value, assetCode: 'EUR', assetScale: 2, ...rest });

  check('quotes', () => {
    const { port } = stranger.address() as AddressInfo;
    const base = network.urls['happy-life'];
    const receiverCase = (name: string, url: unknown, code: string): Bad => ({
      name,
      ...quote({ receiver: url }),
      status: 400,
      code,
      field: 'receiver',
    });
    return [
      receiverCase(
        'off the allow-list',
        `http://127.0.0.1:${port}/incoming-payments/${MISSING_ID}`,
        'receiver_not_allowed',
      ),
      receiverCase(
        'with another name of this host',
        `http://localhost:${new URL(base!).port}/incoming-payments/${MISSING_ID}`,
        'receiver_not_allowed',
      ),
      receiverCase(
        'with credentials',
        `http://user:pass@${base!.slice(7)}/incoming-payments/${MISSING_ID}`,
        'receiver_invalid',
      ),
      receiverCase('with a query', `${receiver}?x=1`, 'receiver_invalid'),
      receiverCase(
        'with a path that climbs',
        `${base}/incoming-payments/../admin/ledger`,
        'receiver_invalid',
      ),
      receiverCase('another protocol', `file:///incoming-payments/${MISSING_ID}`, 'receiver_invalid'),
      receiverCase('no URL', 'bob', 'receiver_invalid'),
      receiverCase('unknown at the other ASE', `${base}/incoming-payments/${MISSING_ID}`, 'receiver_invalid'),
      receiverCase(
        'unknown here',
        `${network.urls['cloud-nine']}/incoming-payments/${MISSING_ID}`,
        'receiver_invalid',
      ),
      receiverCase('a number', 7, 'invalid_request'),
      {
        name: 'unknown wallet',
        ...quote({ walletAddress: `${wallet}x` }),
        status: 400,
        field: 'walletAddress',
      },
      {
        name: 'wallet of another ASE',
        ...quote({ walletAddress: `${base}/bob` }),
        status: 400,
        field: 'walletAddress',
      },
      { name: 'unknown method', ...quote({ method: 'card' }), status: 400, field: 'method' },
      {
        name: 'both amounts',
        ...quote({ debitAmount: { value: '100', ...USD }, receiveAmount: eur('1') }),
        status: 400,
        field: 'receiveAmount',
      },
      {
        name: 'receiveAmount in another asset',
        ...quote({ receiveAmount: { value: '1', ...USD } }),
        status: 400,
        field: 'receiveAmount',
      },
      {
        name: 'receiveAmount of another scale',
        ...quote({ receiveAmount: eur('1', { assetScale: 3 }) }),
        status: 400,
        field: 'receiveAmount',
      },
      {
        name: 'more than the receiver takes',
        ...quote({ receiveAmount: eur('1001') }),
        status: 400,
        field: 'receiveAmount.value',
      },
      {
        name: 'debit that delivers more than the receiver takes',
        ...quote({ debitAmount: { value: '50000', ...USD } }),
        status: 400,
        field: 'debitAmount.value',
      },
      {
        name: 'debit that the fee eats',
        ...quote({ debitAmount: { value: '100', ...USD } }),
        status: 400,
        field: 'debitAmount.value',
      },
      { name: 'nothing given', path: '/quotes', body: {}, status: 400, field: 'walletAddress' },
    ];
  });

  test('a receiver off the allow-list is never asked', () => assert.equal(strangerRequests, 0));

  check('outgoing payments', () => [
    {
      name: 'unknown quote',
      path: '/outgoing-payments',
      body: { walletAddress: wallet, quoteId: `${network.urls['cloud-nine']}/quotes/${MISSING_ID}` },
      status: 400,
      field: 'quoteId',
    },
    {
      name: 'quote of another ASE',
      path: '/outgoing-payments',
      body: { walletAddress: wallet, quoteId: `${network.urls['happy-life']}/quotes/${MISSING_ID}` },
      status: 400,
      field: 'quoteId',
    },
    {
      name: 'unknown wallet',
      path: '/outgoing-payments',
      body: { walletAddress: 'http://x/alice', quoteId: 'x' },
      status: 400,
      field: 'walletAddress',
    },
    {
      name: 'too much metadata',
      path: '/outgoing-payments',
      body: { walletAddress: wallet, quoteId: 'x', metadata: { a: 'x'.repeat(5_000) } },
      status: 400,
      field: 'metadata',
    },
  ]);

  test('a quote pays once, only for its wallet, and only before it expires', async () => {
    const made = await network.request('cloud-nine', 'POST', '/quotes', quote({}));
    assert.equal(made.status, 201);
    const pay = (walletAddress: string) =>
      network.request('cloud-nine', 'POST', '/outgoing-payments', {
        body: { walletAddress, quoteId: made.body.id },
      });
    const foreign = await pay(`${network.urls['cloud-nine']}/bob`);
    assert.equal(foreign.status, 400);
    const { body: before } = await network.request(
      'cloud-nine',
      'GET',
      `/outgoing-payments?wallet-address=${wallet}`,
    );
    while (Date.now() <= Date.parse(made.body.expiresAt))
      await new Promise((resolve) => setTimeout(resolve, 50));
    const late = await pay(wallet);
    assert.equal(late.status, 400);
    assert.equal(late.body.error.code, 'quote_expired');
    const { body: unchanged } = await network.request(
      'cloud-nine',
      'GET',
      `/outgoing-payments?wallet-address=${wallet}`,
    );
    assert.deepEqual(unchanged, before);
  });

  test('a payment that the wallet cannot pay is refused with 409', async () => {
    const body = { walletAddress: `${network.urls['happy-life']}/bob` };
    const open = (await network.request('happy-life', 'POST', '/incoming-payments', { body })).body.id;
    const before = await books();
    const made = await network.request(
      'cloud-nine',
      'POST',
      '/quotes',
      quote({ receiver: open, debitAmount: { value: '100000000001', ...USD } }),
    );
    assert.equal(made.status, 201);
    const answer = await network.request('cloud-nine', 'POST', '/outgoing-payments', {
      body: { walletAddress: wallet, quoteId: made.body.id },
    });
    assert.equal(answer.status, 409);
    assert.equal(answer.body.error.code, 'insufficient_funds');
    assert.deepEqual(await books(), before);
  });

  check('requests that are none', () => [
    {
      name: 'malformed JSON',
      path: '/incoming-payments',
      body: '{"walletAddress":',
      status: 400,
      code: 'invalid_json',
    },
    { name: 'JSON that is no object', path: '/incoming-payments', body: '7', status: 400 },
    { name: 'an array', path: '/incoming-payments', body: '[]', status: 400 },
    { name: 'no body', path: '/incoming-payments', status: 400, field: 'body' },
    {
      name: 'a body over 64 KiB',
      path: '/incoming-payments',
      body: `{"metadata":"${'x'.repeat(65 * 1024)}"}`,
      status: 413,
      code: 'body_too_large',
    },
    {
      name: 'a compressed body',
      path: '/incoming-payments',
      body: 'x',
      headers: { 'content-encoding': 'gzip' },
      status: 415,
    },
    {
      name: 'a member that is not known',
      path: '/incoming-payments',
      body: { walletAddress: wallet, amount: 1 },
      status: 400,
      field: 'amount',
    },
    {
      name: '__proto__',
      path: '/incoming-payments',
      body: `{"walletAddress":"${wallet}","__proto__":{"x":1}}`,
      status: 400,
    },
    {
      name: 'expired from the start',
      path: '/incoming-payments',
      body: { walletAddress: wallet, expiresAt: '2020-01-01T00:00:00Z' },
      status: 400,
      field: 'expiresAt',
    },
    {
      name: 'a time that is none',
      path: '/incoming-payments',
      body: { walletAddress: wallet, expiresAt: 'tomorrow' },
      status: 400,
      field: 'expiresAt',
    },
    { name: 'an unknown route', method: 'GET', path: '/nothing/here', status: 404, code: 'not_found' },
    { name: 'an unknown wallet', method: 'GET', path: '/mallory', status: 404, code: 'not_found' },
    {
      name: 'an unknown incoming payment',
      method: 'GET',
      path: `/incoming-payments/${MISSING_ID}`,
      status: 404,
    },
    { name: 'an unknown quote', method: 'GET', path: `/quotes/${MISSING_ID}`, status: 404 },
    {
      name: 'an unknown outgoing payment',
      method: 'GET',
      path: `/outgoing-payments/${MISSING_ID}`,
      status: 404,
    },
    { name: 'completing what is not there', path: `/incoming-payments/${MISSING_ID}/complete`, status: 404 },
    { name: 'a broken escape in the path', method: 'GET', path: '/incoming-payments/%E0%A4%A', status: 400 },
    {
      name: 'a wrong method on a list',
      method: 'DELETE',
      path: '/incoming-payments',
      status: 405,
      code: 'method_not_allowed',
    },
    { name: 'a wrong method on a quote', method: 'PUT', path: `/quotes/${MISSING_ID}`, status: 405 },
    { name: 'a wrong method on a wallet', path: '/alice', status: 405 },
    { name: 'a wrong method on /ilp', method: 'GET', path: '/ilp', status: 405 },
    {
      name: 'a list without a wallet',
      method: 'GET',
      path: '/incoming-payments',
      status: 400,
      field: 'wallet-address',
    },
    {
      name: 'a page of nothing',
      method: 'GET',
      path: `/incoming-payments?wallet-address=${wallet}&first=0`,
      status: 400,
      field: 'first',
    },
    {
      name: 'a page that is too large',
      method: 'GET',
      path: `/outgoing-payments?wallet-address=${wallet}&first=101`,
      status: 400,
      field: 'first',
    },
    {
      name: 'both directions at once',
      method: 'GET',
      path: `/incoming-payments?wallet-address=${wallet}&first=1&last=1`,
      status: 400,
      field: 'last',
    },
    {
      name: 'backwards without a cursor',
      method: 'GET',
      path: `/incoming-payments?wallet-address=${wallet}&last=1`,
      status: 400,
      field: 'last',
    },
    {
      name: 'a cursor that is none',
      method: 'GET',
      path: `/incoming-payments?wallet-address=${wallet}&cursor=x`,
      status: 400,
      field: 'cursor',
    },
    {
      name: 'the same parameter twice',
      method: 'GET',
      path: `/incoming-payments?wallet-address=${wallet}&first=1&first=2`,
      status: 400,
      field: 'first',
    },
    {
      name: 'an over-long idempotency key',
      path: '/incoming-payments',
      body: { walletAddress: wallet },
      headers: { 'idempotency-key': 'x'.repeat(256) },
      status: 400,
      field: 'Idempotency-Key',
    },
  ]);

  check('the admin API', () => [
    { name: 'without a token', method: 'GET', path: '/admin/ledger', status: 401, code: 'unauthorized' },
    {
      name: 'with a wrong token',
      method: 'GET',
      path: '/admin/ledger',
      headers: { authorization: 'Bearer nope' },
      status: 401,
    },
    { name: 'an unknown page without a token', method: 'GET', path: '/admin/x', status: 401 },
    {
      name: 'pausing without a token',
      method: 'PUT',
      path: '/admin/traffic',
      body: { pauseForMs: 1_000 },
      status: 401,
    },
  ]);

  check('peers', () => [
    { name: 'a packet without a token', path: '/ilp', status: 401 },
    {
      name: 'a packet with a wrong token',
      path: '/ilp',
      headers: { authorization: 'Bearer nope' },
      status: 401,
    },
  ]);
});
