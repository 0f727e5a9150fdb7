import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { closedLoop, openLoop } from './openLoop.ts';

const signal = new AbortController().signal;

test('an open loop begins all, though none of them ends before the last has begun', async () => {
  let begun = 0;
  const all = Promise.withResolvers<void>();
  const once = async () => {
    if (++begun === 20) all.resolve();
    await all.promise;
  };
  const tookMs = await openLoop(once, { perSecond: 1000, seconds: 0.02, signal });
  assert.equal(tookMs.length, 20);
});

test('a closed loop never has more under way than it may', async () => {
  let underWay = 0;
  let most = 0;
  const once = async () => {
    most = Math.max(most, ++underWay);
    await setImmediate();
    underWay -= 1;
  };
  assert.ok((await closedLoop(once, { atOnce: 3, seconds: 0.02, signal })) > 0);
  assert.equal(most, 3);
});

test('one that fails, or an interruption, ends the loop', async () => {
  const failing = async () => {
    throw new Error('rejected');
  };
  await assert.rejects(openLoop(failing, { perSecond: 100, seconds: 0.01, signal }), /rejected/);
  const aborted = AbortSignal.abort(new Error('interrupted'));
  const options = { perSecond: 100, seconds: 60, signal: aborted };
  await assert.rejects(
    openLoop(async () => {}, options),
    /interrupted/,
  );
});
