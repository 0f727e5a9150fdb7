import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createReceivers, type Receivers } from './receivers.ts';

const ID = '00000000-0000-4000-8000-000000000000';
const GOOD = {
  id: 'ignored',
  completed: false,
  receivedAmount: { value: '7', assetCode: 'EUR', assetScale: 2 },
  incomingAmount: { value: '100', assetCode: 'EUR', assetScale: 2 },
  methods: [{ type: 'card' }, { type: 'ilp', ilpAddress: 'test.x.y', sharedSecret: 'AAAA' }],
};

describe('receivers at other servers', () => {
  let answer: RequestListener;
  let asked = 0;
  let receivers: Receivers;
  let url: string;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    url = `${origin}/incoming-payments/${ID}`;
    receivers = createReceivers({
      allowedOrigins: [origin],
      publicUrl: 'http://127.0.0.1:1',
      routes: {},
      local: () => undefined,
    });
  });
  after(async () => {
    await receivers.close();
    server.close();
    server.closeAllConnections();
  });
  const say =
    (body: unknown, status = 200, headers = {}): RequestListener =>
    (_request, response) => {
      response.writeHead(status, headers).end(JSON.stringify(body));
    };

  test('are read with exact amounts', async () => {
    answer = say(GOOD);
    const receiver = await receivers.get(url);
    assert.equal(receiver.incomingUnits, 100n);
    assert.equal(receiver.receivedUnits, 7n);
    assert.equal(receiver.ilpAddress, 'test.x.y');
  });

  test('seen lately will do if asked so, once; else they are asked anew', async () => {
    answer = say(GOOD);
    const seen = await receivers.get(url);
    const before = asked;
    assert.equal(await receivers.get(url, { orLately: true }), seen);
    assert.equal(asked, before);
    assert.notEqual(await receivers.get(url, { orLately: true }), seen);
    assert.notEqual(await receivers.get(url), seen);
    assert.equal(asked, before + 2);
  });

  for (const [name, listener, code] of [
    ['a redirect is not followed', say({}, 302, { location: 'http://127.0.0.1:1/' }), 'receiver_unavailable'],
    [
      'an answer that is too large is cut off',
      say({ ...GOOD, x: 'x'.repeat(100_000) }),
      'receiver_unavailable',
    ],
    ['trouble there is worth another try', say({}, 500), 'receiver_unavailable'],
    ['a cut connection is worth another try', (request) => request.socket.destroy(), 'receiver_unavailable'],
    ['nothing there is final', say({}, 404), 'receiver_invalid'],
    ['another document is final', say({ hello: 1 }), 'receiver_invalid'],
    [
      'an amount that is no number is final',
      say({ ...GOOD, receivedAmount: { ...GOOD.receivedAmount, value: '-1' } }),
      'receiver_invalid',
    ],
    ['no ILP method is final', say({ ...GOOD, methods: [{ type: 'card' }] }), 'receiver_invalid'],
  ] as Array<[string, RequestListener, string]>) {
    test(name, async () => {
      answer = listener;
      const before = asked;
      await assert.rejects(receivers.get(url), { code });
      assert.equal(asked, before + 1);
    });
  }

  test('are read where their origin is routed to, and only under the name that is allowed', async () => {
    const paths: string[] = [];
    answer = (request, response) => {
      paths.push(request.url!);
      response.end(JSON.stringify(GOOD));
    };
    const routed = createReceivers({
      allowedOrigins: ['http://happy-life.test'],
      publicUrl: 'http://cloud-nine.test',
      routes: { 'http://happy-life.test': new URL(url).origin },
      local: () => undefined,
    });
    const receiver = await routed.get(`http://happy-life.test/incoming-payments/${ID}`);
    assert.equal(receiver.receivedUnits, 7n);
    assert.deepEqual(paths, [`/incoming-payments/${ID}`]);
    await assert.rejects(routed.get(url), { code: 'receiver_not_allowed' });
    await routed.close();
  });

  test('nobody is asked when the URL is not exactly one of an allowed origin', async () => {
    const before = asked;
    for (const wrong of [
      url.replace('127.0.0.1', 'localhost'),
      url.replace('http:', 'https:'),
      url.replace('http://', 'http://a@'),
      url.replace('http://', 'HTTP://'),
      `${url}/`,
      `${url}?a`,
      `${url}#a`,
      `${url} `,
      url.replace('/incoming', '//incoming'),
      url.replace('/incoming', '/x/../incoming'),
      url.replace('incoming-payments', 'quotes'),
    ]) {
      await assert.rejects(receivers.get(wrong), { code: /receiver_(invalid|not_allowed)/ }, wrong);
    }
    assert.equal(asked, before);
  });
});
