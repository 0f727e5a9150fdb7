import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { usageReport } from '../../../../telemetry/usageReport.ts';
import { ADMIN_TOKEN, createTestNetwork, type TestAnswer, type TestNetwork } from '../testNetwork.ts';

const EUR = { assetCode: 'EUR', assetScale: 2 };

describe('the Open Payments-shaped API', () => {
  let network: TestNetwork;
  let walletAddress: string;
  before(async () => {
    network = await createTestNetwork();
    await Promise.all([network.start('cloud-nine'), network.start('happy-life')]);
    walletAddress = `${network.urls['happy-life']}/carol`;
  });
  after(() => network.close());

  const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<TestAnswer> =>
    network.request('happy-life', 'POST', path, { body, headers });
  const get = (path: string) => network.request('happy-life', 'GET', path);

  test('a wallet address tells its asset, and no answer tells what server this is', async () => {
    const { status, body, headers } = await get('/carol');
    assert.equal(status, 200);
    assert.deepEqual(body, {
      id: walletAddress,
      publicName: 'carol',
      ...EUR,
      resourceServer: network.urls['happy-life'],
    });
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  test('an incoming payment can be read, listed and completed', async () => {
    const made = await post('/incoming-payments', {
      walletAddress,
      incomingAmount: { value: '1', ...EUR },
      metadata: { order: 7 },
    });
    assert.equal(made.status, 201);
    const { methods, ...rest } = made.body;
    assert.deepEqual(rest.receivedAmount, { value: '0', ...EUR });
    assert.deepEqual(rest.metadata, { order: 7 });
    assert.match(methods[0].ilpAddress, /^test\.happy-life\./);
    const read = await get(made.body.id);
    assert.deepEqual({ ...read.body, methods: [] }, { ...made.body, methods: [] });
    const done = await post(`${made.body.id}/complete`, {});
    assert.equal(done.status, 200);
    assert.equal(done.body.completed, true);
    // A second time is no error and counts nothing again.
    assert.equal((await post(`${made.body.id}/complete`, {})).status, 200);
    const { totals } = await network.admin('happy-life', '/admin/ledger');
    const completed = totals.filter(
      ({ labels }) => labels.direction === 'incoming' && labels.state === 'completed',
    );
    assert.deepEqual(
      completed.map(({ value }) => value),
      ['1'],
    );
  });

  test('an incoming payment ends by itself when its time is over', async () => {
    // So far ahead that it is not over before it has begun, on a slow machine.
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { body } = await post('/incoming-payments', { walletAddress, expiresAt });
    for (let state = ''; state !== 'EXPIRED'; { state } = (await get(body.id)).body) await delay(50);
    const answer = await post(`${body.id}/complete`, {});
    assert.equal(answer.status, 409);
    const quote = await network.request('cloud-nine', 'POST', '/quotes', {
      body: {
        walletAddress: `${network.urls['cloud-nine']}/alice`,
        receiver: body.id,
        method: 'ilp',
        receiveAmount: { value: '1', ...EUR },
      },
    });
    assert.equal(quote.body.error.code, 'receiver_closed');
  });

  test('who prefers to wait is answered when the payment has ended, or when the wait or the ASE ends', async () => {
    const { urls } = network;
    const payee = `${urls['cloud-nine']}/alice`;
    const pay = async (value: string) => {
      const incomingAmount = { value, assetCode: 'USD', assetScale: 2 };
      const body = { walletAddress: payee, incomingAmount };
      const incoming = await network.request('cloud-nine', 'POST', '/incoming-payments', { body });
      const quote = await post('/quotes', { walletAddress, receiver: incoming.body.id, method: 'ilp' });
      assert.equal(quote.status, 201, JSON.stringify(quote.body));
      return () => post('/outgoing-payments', { walletAddress, quoteId: quote.body.id });
    };
    const waiting = (id: string, prefer: string) =>
      network.request('happy-life', 'GET', id, { headers: { prefer } });

    const outgoing = await (await pay('30000'))();
    const ended = await waiting(outgoing.body.id, 'wait=60');
    assert.equal(ended.body.state, 'COMPLETED', ended.body.failure);
    assert.equal(ended.headers.get('preference-applied'), 'wait=10');
    assert.equal((await waiting(outgoing.body.id, 'wait=1')).body.state, 'COMPLETED');
    assert.equal((await get(outgoing.body.id)).headers.get('preference-applied'), null);
    assert.equal((await waiting(`/outgoing-payments/${randomUUID()}`, 'wait=5')).status, 404);

    const start = await pay('40000');
    await network.kill('cloud-nine');
    const stuck = await start();
    assert.equal((await waiting(stuck.body.id, 'wait=1')).body.state, 'SENDING');
    const lastWord = waiting(stuck.body.id, 'wait=10');
    // The page counts its own reader too: with two the other one has arrived.
    const two = /^http_server_active_requests\{http_request_method="GET"\} 2$/m;
    while (!two.test((await get('/metrics')).body)) await delay(5);
    await network.kill('happy-life');
    assert.equal((await lastWord).status, 200);
    await Promise.all([network.start('cloud-nine'), network.start('happy-life')]);
    assert.equal((await waiting(stuck.body.id, 'wait=10')).body.state, 'COMPLETED');
  });

  test('the payments of a load run are counted apart from all others, for the operator alone', async () => {
    const rows = async (run: string) => {
      const path = `/admin/ledger/load?run=${run}`;
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
      return (await network.request('happy-life', 'GET', path, { headers })).body.rows;
    };
    const none = [
      { quantity: 'units', direction: 'outgoing', value: '0' },
      { quantity: 'units', direction: 'incoming', value: '0' },
    ];
    assert.deepEqual(await rows('run-1'), none);
    const { body } = await post('/incoming-payments', { walletAddress, metadata: { load: 'run-1' } });
    await post('/incoming-payments', { walletAddress, metadata: { load: 'run-1', more: 1 } });
    await post('/incoming-payments', { walletAddress });
    await post(`${body.id}/complete`, {});
    const completed = { quantity: 'payments', direction: 'incoming', state: 'completed', value: '1' };
    assert.deepEqual(await rows('run-1'), [none[0], completed, none[1]]);
    assert.deepEqual(await rows('run-2'), none);
    assert.equal((await get('/admin/ledger/load?run=run-1')).status, 401);
    for (const wrong of ['', "?run='", '?run=a&run=b', `?run=${'a'.repeat(65)}`]) {
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
      const { status } = await network.request('happy-life', 'GET', `/admin/ledger/load${wrong}`, {
        headers,
      });
      assert.equal(status, 400, wrong);
    }
  });

  test('a list pages through everything once, newest first, forwards and backwards', async () => {
    const dave = `${network.urls['happy-life']}/dave`;
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1)
      ids.unshift((await post('/incoming-payments', { walletAddress: dave })).body.id);
    const page = async (query: string) => {
      const { body } = await get(`/incoming-payments?wallet-address=${dave}&${query}`);
      return { ids: body.result.map(({ id }: { id: string }) => id), ...body.pagination };
    };
    const first = await page('first=2');
    assert.deepEqual(first.ids, ids.slice(0, 2));
    assert.deepEqual([first.hasNextPage, first.hasPreviousPage], [true, false]);
    const second = await page(`first=2&cursor=${first.endCursor}`);
    assert.deepEqual(second.ids, ids.slice(2, 4));
    assert.deepEqual([second.hasNextPage, second.hasPreviousPage], [true, true]);
    const third = await page(`first=2&cursor=${second.endCursor}`);
    assert.deepEqual(third.ids, ids.slice(4));
    assert.equal(third.hasNextPage, false);
    const back = await page(`last=2&cursor=${third.startCursor}`);
    assert.deepEqual(back.ids, ids.slice(2, 4));
    assert.deepEqual([back.hasNextPage, back.hasPreviousPage], [true, true]);
    const start = await page(`last=10&cursor=${back.startCursor}`);
    assert.deepEqual(start.ids, ids.slice(0, 2));
    assert.equal(start.hasPreviousPage, false);
  });

  test('an idempotency key gives the same answer again, also after a restart, and refuses another body', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { walletAddress, incomingAmount: { value: '42', ...EUR } };
    const [one, two] = await Promise.all([
      post('/incoming-payments', body, headers),
      post('/incoming-payments', body, headers),
    ]);
    assert.equal(one.status, 201);
    assert.deepEqual(two.body, one.body);
    await network.kill('happy-life');
    await network.start('happy-life');
    const again = await post('/incoming-payments', body, headers);
    assert.equal(again.status, 201);
    assert.deepEqual(again.body, one.body);
    const other = await post('/incoming-payments', { ...body, metadata: {} }, headers);
    assert.equal(other.status, 409);
    assert.equal(other.body.error.code, 'idempotency_key_reused');
    const elsewhere = await post('/quotes', { walletAddress, receiver: one.body.id, method: 'ilp' }, headers);
    assert.equal(elsewhere.status, 409);
  });

  test('quotes wait for nobody when rates are missing: 503 at once', async () => {
    const { body } = await network.request('cloud-nine', 'POST', '/incoming-payments', {
      body: {
        walletAddress: `${network.urls['cloud-nine']}/alice`,
        incomingAmount: { value: '100', assetCode: 'USD', assetScale: 2 },
      },
    });
    const quote = () => post('/quotes', { walletAddress, receiver: body.id, method: 'ilp' });
    const table = network.rates.table;
    network.rates.table = {};
    let answer = await quote();
    // The two ASEs ask for rates at different times: while only the other one has none, it is the probe that fails.
    while (answer.status === 201 || answer.body.error.code === 'rate_probe_failed') answer = await quote();
    network.rates.table = table;
    assert.equal(answer.status, 503);
    assert.equal(answer.body.error.code, 'rates_unavailable');
    assert.equal(answer.headers.get('retry-after'), '1');
    while (answer.status !== 201) answer = await quote();
  });

  test('the traffic lease pauses and resumes', async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const put = (pauseForMs: unknown) =>
      network.request('happy-life', 'PUT', '/admin/traffic', { body: { pauseForMs }, headers });
    const { body } = await put(60_000);
    assert.ok(body.pausedUntilMs > Date.now() + 50_000);
    assert.deepEqual(await network.admin('happy-life', '/admin/traffic'), body);
    assert.deepEqual((await put(0)).body, { pausedUntilMs: 0 });
    for (const wrong of [-1, 0.5, '1', 600_001, null]) assert.equal((await put(wrong)).status, 400);
  });

  test('the usage report is off while no address is set, and what it would say is there to be read', async () => {
    const usage = await network.request('happy-life', 'GET', '/admin/usage', {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    assert.equal(usage.body.enabled, false);
    assert.match(usage.body.why, /USAGE_REPORT_URL/);
    assert.ok(usageReport.safeParse(usage.body.report).success);
    assert.equal((await get('/admin/usage')).status, 401);
  });

  test('health, readiness and metrics are there', async () => {
    const ready = await get('/ready');
    assert.equal(ready.status, 200);
    assert.deepEqual(Object.keys(ready.body.dependencies), ['ledger', 'rates', 'peer:cloud-nine']);
    const { status, body } = await get('/health');
    assert.equal(status, 200);
    assert.equal(body.status, 'ok');
    assert.ok(body.uptimeSeconds >= 0);
    assert.deepEqual(Object.keys(body.dependencies), ['ledger', 'rates', 'peer:cloud-nine']);
    for (const { ok, latencyMs } of Object.values<{ ok: boolean; latencyMs: number }>(body.dependencies)) {
      assert.equal(ok, true);
      assert.ok(latencyMs >= 0);
    }
    const metrics = await get('/metrics');
    assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(metrics.body, /^payments_total\{.*direction="outgoing".*\} \d+$/m);
    assert.match(metrics.body, /^exchange_rate\{.*from="EUR".*\} 1\.1$/m);
  });

  test('an ASE that has lost its peer says so', async () => {
    await network.kill('cloud-nine');
    let ready = await get('/ready');
    while (ready.status === 200) ready = await get('/ready');
    assert.equal(ready.status, 503);
    assert.equal(ready.body.dependencies['peer:cloud-nine'].ok, false);
    assert.equal(ready.body.dependencies.ledger.ok, true);
    // Nobody may restart an ASE because another one is away.
    const health = await get('/health');
    assert.equal(health.status, 200);
    assert.equal(health.body.dependencies['peer:cloud-nine'].ok, false);
  });
});
