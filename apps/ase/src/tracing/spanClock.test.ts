import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpanClock } from './spanClock.ts';

test('keeps fractions of a millisecond, and order, whatever the wall clock rounds', () => {
  let monotonic = 10.25;
  const clock = createSpanClock(
    () => Math.floor(1_000_000 + monotonic),
    () => monotonic,
  );
  const start = clock(monotonic);
  monotonic += 0.4;
  assert.ok(Math.abs(clock(monotonic) - start - 0.4) < 1e-6);
});

test('follows the wall clock when that was set, or the machine slept', () => {
  let wall = 1_000_000;
  const clock = createSpanClock(
    () => wall,
    () => 5,
  );
  assert.equal(clock(5), 1_000_000);
  wall += 3_600_000;
  assert.equal(clock(5), 4_600_000);
});
