import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecent } from './recent.ts';

test('a memory gives what it was given until that is too old', () => {
  let nowMs = 0;
  const recent = createRecent<number>({ most: 2, forMs: 10, nowMs: () => nowMs });
  recent.set('a', 1);
  nowMs = 9;
  assert.equal(recent.get('a'), 1);
  recent.set('b', 2);
  nowMs = 10;
  assert.equal(recent.get('a'), undefined);
  assert.equal(recent.take('a'), undefined);
  assert.equal(recent.get('b'), 2);
});

test('a memory forgets the oldest when it is full; what is set again is new', () => {
  const recent = createRecent<number>({ most: 2 });
  recent.set('a', 1);
  recent.set('b', 2);
  recent.set('a', 3);
  recent.set('c', 4);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => recent.get(key)),
    [3, undefined, 4],
  );
});

test('what is taken out of a memory is in it no more', () => {
  const recent = createRecent<number>({ most: 2 });
  recent.set('a', 1);
  assert.equal(recent.take('a'), 1);
  assert.equal(recent.get('a'), undefined);
});
