import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connectCheck, createReadiness, httpCheck } from './readiness.ts';

test('it is ready when every dependency is, and says of each how it is', async () => {
  const { look } = createReadiness({
    required: {
      ledger: async () => undefined,
      rates: async () => 'of today',
      peer: async () => {
        throw new Error('does not answer');
      },
    },
  });
  const { ready, dependencies } = await look();
  assert.equal(ready, false);
  const told = Object.entries(dependencies).map(([name, { ok, detail }]) => [name, ok, detail]);
  assert.deepEqual(told, [
    ['ledger', true, undefined],
    ['rates', true, 'of today'],
    ['peer', false, 'does not answer'],
  ]);
});

test('what is there besides is told, and makes nothing unready', async () => {
  const collector = async () => {
    throw new Error('is away');
  };
  const { look } = createReadiness({ required: { ledger: async () => undefined }, besides: { collector } });
  const { ready, dependencies } = await look();
  assert.equal(ready, true);
  assert.equal(dependencies.ledger?.required, true);
  assert.ok(dependencies.ledger.latencyMs >= 0);
  const { ok, required, detail } = dependencies.collector!;
  assert.deepEqual({ ok, required, detail }, { ok: false, required: false, detail: 'is away' });
});

test('what is known is told without waiting, and looked at anew when it is old', async () => {
  let nowMs = 0;
  let looks = 0;
  const slow = Promise.withResolvers<undefined>();
  const check = () => {
    looks++;
    return looks === 2 ? slow.promise : Promise.resolve(undefined);
  };
  const { look, known } = createReadiness({ required: { check } }, () => nowMs);
  assert.equal(known(), undefined);
  const first = await look();
  assert.equal(looks, 1, 'who asked for what is known has begun that look');
  nowMs = 5_000;
  assert.equal(known(), first);
  assert.equal(looks, 1);
  nowMs = 5_001;
  assert.equal(known(), first, 'the one before, while the next is under way');
  assert.equal(known(), first);
  assert.equal(looks, 2);
  slow.resolve(undefined);
  assert.notEqual(await look(), first);
  assert.notEqual(known(), first);
});

test('a good answer is kept for a second, a bad one for a moment only', async () => {
  let nowMs = 0;
  let looks = 0;
  let isUp = false;
  const check = async () => {
    looks++;
    if (!isUp) throw new Error('not up');
    return undefined;
  };
  const { look } = createReadiness({ required: { check } }, () => nowMs);
  const isReadyAt = async (ms: number) => {
    nowMs = ms;
    return (await look()).ready;
  };
  assert.deepEqual([await isReadyAt(0), await isReadyAt(50), looks], [false, false, 1]);
  isUp = true;
  assert.deepEqual([await isReadyAt(51), looks], [true, 2]);
  isUp = false;
  assert.deepEqual([await isReadyAt(1051), looks], [true, 2]);
  assert.deepEqual([await isReadyAt(1052), looks], [false, 3]);
});

test('those who ask at once share one look', async () => {
  let looks = 0;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const check = () => {
    looks++;
    return promise;
  };
  const { look } = createReadiness({ required: { check } });
  const answers = [look(), look(), look()];
  resolve(undefined);
  assert.deepEqual(new Set((await Promise.all(answers)).map(({ ready }) => ready)), new Set([true]));
  assert.equal(looks, 1);
});

test('another program is well when its /health answers 200', async () => {
  let status = 200;
  const server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  try {
    await httpCheck(url)();
    status = 503;
    await assert.rejects(httpCheck(url)(), { message: 'answers with status 503' });
  } finally {
    server.close();
    server.closeAllConnections();
  }
  await assert.rejects(httpCheck(url)());
});

test('a program of another kind is well when it takes a connection, unless one knows of trouble with it', async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await connectCheck(url)();
  await assert.rejects(connectCheck(url, () => 'deadline passed')(), { message: 'deadline passed' });
  await new Promise((closed) => server.close(closed));
  await assert.rejects(connectCheck(url)(), /ECONNREFUSED/);
});
