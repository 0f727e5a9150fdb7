import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highestInSlots } from './exemplarSlots.ts';

const at = (timeMs: number, value: number) => ({ timeMs, value, traceId: `${timeMs}`, labels: {} });

test('of each slot of time the slowest is shown', () => {
  const shown = highestInSlots([at(0, 1), at(400, 3), at(900, 2), at(1_100, 0.1), at(5_000, 9)], 1_000);
  assert.deepEqual(
    shown.map(({ traceId }) => traceId),
    ['400', '1100', '5000'],
  );
  assert.deepEqual(highestInSlots([], 1_000), []);
});
