import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpanClock } from './spanClock.ts';

test('keeps fractions of a millisecond, and order, whatever the wall clock rounds', () => {
  let monotonic = 10.25;
  const clock = createSpanClock(
    () => Math.floor(1_000_000 + monotonic),
    () => monotonic,
  );
  const start = clock.now();
  assert.equal(clock.at(10.25), start);
  monotonic += 0.4;
  assert.ok(Math.abs(clock.now() - start - 0.4) < 1e-6);
});

test('follows the wall clock when that was set, or the machine slept', () => {
  let wall = 1_000_000;
  const clock = createSpanClock(
    () => wall,
    () => 5,
  );
  assert.equal(clock.now(), 1_000_000);
  wall += 3_600_000;
  assert.equal(clock.now(), 4_600_000);
  assert.equal(clock.at(4), 4_599_999);
});
