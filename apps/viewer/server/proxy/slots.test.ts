import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slots } from './slots.ts';

const here = { destroyed: false };

test('gives slots up to the limit, then makes wait in order', async () => {
  const slots = new Slots(2, 10);
  const [first, second] = [await slots.take(here), await slots.take(here)];
  const order: string[] = [];
  const third = slots.take(here).then(() => order.push('third'));
  const fourth = slots.take(here).then(() => order.push('fourth'));
  first!();
  first!();
  await third;
  assert.deepEqual(order, ['third']);
  second!();
  await fourth;
  assert.deepEqual(order, ['third', 'fourth']);
});

test('refuses when too many wait', async () => {
  const slots = new Slots(1, 1);
  const release = await slots.take(here);
  const waiting = slots.take(here);
  assert.equal(await slots.take(here), undefined);
  release!();
  (await waiting)!();
  assert.ok(await slots.take(here));
});

test('passes over an asker who has gone away', async () => {
  const slots = new Slots(1, 10);
  const release = await slots.take(here);
  const gone = { destroyed: false };
  const left = slots.take(gone);
  const next = slots.take(here);
  gone.destroyed = true;
  release!();
  assert.equal(await left, undefined);
  assert.ok(await next);
});
