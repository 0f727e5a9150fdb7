import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highestApart } from './exemplar.ts';

const at = (timeMs: number, value: number) => ({ timeMs, value, traceId: `${timeMs}`, labels: {} });

test('of those that would lie upon each other the slowest is shown', () => {
  const shown = highestApart([at(0, 1), at(999, 3), at(1_001, 2), at(1_999, 0.1), at(5_000, 9)], 1_000);
  assert.deepEqual(
    shown.map(({ traceId }) => traceId),
    ['999', '1999', '5000'],
  );
  assert.deepEqual(highestApart([], 1_000), []);
});

test('what is shown is apart, and whatever is not shown lies near something slower', () => {
  const all = Array.from({ length: 500 }, (_, i) => at((i * 7_919) % 60_000, (i * 104_729) % 1_000));
  const shown = highestApart(all, 1_000);
  const near = (a: { timeMs: number }, b: { timeMs: number }) => Math.abs(a.timeMs - b.timeMs) < 1_000;
  for (const [i, one] of shown.entries()) assert.ok(i === 0 || !near(one, shown[i - 1]!));
  for (const one of all) assert.ok(shown.some((other) => near(one, other) && other.value >= one.value));
});
