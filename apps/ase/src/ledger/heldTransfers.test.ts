import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createHeldTransfers } from './heldTransfers.ts';

it('keeps the newest transfers only, and each until it is taken', () => {
  const held = createHeldTransfers(2);
  for (const number of [1n, 2n, 3n]) held.keep(`packet:${number}`, { number, legs: [] });
  assert.equal(held.take('packet:1'), undefined);
  assert.equal(held.take('packet:3')?.number, 3n);
  assert.equal(held.take('packet:3'), undefined);
  held.keep('packet:4', { number: 4n, legs: [] });
  assert.equal(held.take('packet:2')?.number, 2n);
});
