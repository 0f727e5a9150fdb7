import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createReadiness, httpCheck } from './readiness.ts';

test('it is ready when every dependency is, and says of each how it is', async () => {
  const readiness = createReadiness({
    ledger: async () => undefined,
    rates: async () => 'of today',
    peer: async () => {
      throw new Error('does not answer');
    },
  });
  const { ready, dependencies } = await readiness();
  assert.equal(ready, false);
  const told = Object.entries(dependencies).map(([name, { ok, detail }]) => [name, ok, detail]);
  assert.deepEqual(told, [
    ['ledger', true, undefined],
    ['rates', true, 'of today'],
    ['peer', false, 'does not answer'],
  ]);
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
  const readiness = createReadiness({ check }, () => nowMs);
  const isReadyAt = async (ms: number) => {
    nowMs = ms;
    return (await readiness()).ready;
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
  const readiness = createReadiness({ check });
  const answers = [readiness(), readiness(), readiness()];
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
