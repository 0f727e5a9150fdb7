import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Gate } from './gate.ts';

test('never lets more run than its limit, and every task runs once, in order', async () => {
  const limits = fc.integer({ min: 1, max: 5 });
  await fc.assert(
    fc.asyncProperty(
      limits,
      fc.integer({ min: 0, max: 30 }),
      fc.scheduler(),
      async (limit, count, scheduler) => {
        const gate = new Gate(limit);
        const started: number[] = [];
        let running = 0;
        let most = 0;
        const tasks = Array.from({ length: count }, (_, index) =>
          gate.run(async () => {
            started.push(index);
            running += 1;
            most = Math.max(most, running);
            await scheduler.schedule(Promise.resolve());
            running -= 1;
            if (index % 3 === 0) throw new Error('a task may fail');
          }),
        );
        const settled = Promise.allSettled(tasks);
        await scheduler.waitFor(settled);
        assert.ok(most <= limit);
        assert.deepEqual(
          started,
          Array.from({ length: count }, (_, index) => index),
        );
      },
    ),
  );
});

test('a task that is aborted while it waits is never run and leaves its place', async () => {
  const gate = new Gate(1);
  const first = Promise.withResolvers<void>();
  const running = gate.run(() => first.promise);
  const abort = new AbortController();
  let ran = false;
  const waiting = gate.run(async () => {
    ran = true;
  }, abort.signal);
  const last = gate.run(async () => 'last');
  abort.abort(new Error('superseded'));
  await assert.rejects(waiting, /superseded/);
  first.resolve();
  await running;
  assert.equal(await last, 'last');
  assert.equal(ran, false);
});
