import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEndings } from './endings.ts';

const LONG_MS = 1_000_000;
const isSettled = async (promise: Promise<void>) => {
  const turn = new Promise((resolve) => setImmediate(resolve, 'waits'));
  return (await Promise.race([promise, turn])) !== 'waits';
};

test('all who wait for a payment hear of its end, and nobody else', async () => {
  const endings = createEndings();
  const [first, second, other] = ['a', 'a', 'b'].map((id) => endings.wait(id, LONG_MS)) as [
    Promise<void>,
    Promise<void>,
    Promise<void>,
  ];
  assert.equal(await isSettled(first), false);
  endings.tell('a');
  await Promise.all([first, second]);
  assert.equal(await isSettled(other), false);
  endings.close();
  await other;
  await endings.wait('c', LONG_MS);
});

test('nobody waits longer than was asked for, and only so many wait', async () => {
  const endings = createEndings(1);
  const waiting = endings.wait('a', 20);
  await endings.wait('b', LONG_MS);
  await waiting;
  const next = endings.wait('b', LONG_MS);
  assert.equal(await isSettled(next), false);
  endings.close();
});
