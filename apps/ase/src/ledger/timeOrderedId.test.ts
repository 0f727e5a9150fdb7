import assert from 'node:assert/strict';
import { it } from 'node:test';
import { timeOrderedId } from './timeOrderedId.ts';

it('is a UUID of version 7, which sorts by its time', () => {
  const ids = [0, 1, 0xffff, 0x10000, 1_790_000_000_000, 2 ** 48 - 1].map(timeOrderedId);
  for (const id of ids)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(Array.from({ length: 1_000 }, () => timeOrderedId(7))).size, 1_000);
});
