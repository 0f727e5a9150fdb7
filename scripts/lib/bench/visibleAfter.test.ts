import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { startsBetween, visibleAfter } from './visibleAfter.ts';

test('an event is visible from the first sighting that counts it', () => {
  const sightings = [
    { atMs: 1000, count: 7 },
    { atMs: 2000, count: 9 },
    { atMs: 3000, count: 10 },
  ];
  assert.deepEqual(visibleAfter([1500, 1900, 2100], sightings, 7), [500, 100, 900]);
});

test('events may come in any order', () => {
  const sightings = [{ atMs: 100, count: 2 }];
  assert.deepEqual(visibleAfter([60, 20], sightings, 0), [80, 40]);
});

test('an event that nobody saw is an error, not a short delay', () => {
  assert.throws(() => visibleAfter([1, 2], [{ atMs: 5, count: 1 }], 0), /event 2 of 2 was never seen/);
});

test('whoever looks at every instant sees every event at once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 1 }), fc.nat(50), (eventsMs, before) => {
      const sightings = eventsMs
        .toSorted((a, b) => a - b)
        .map((atMs, i) => ({ atMs, count: before + i + 1 }));
      assert.deepEqual(new Set(visibleAfter(eventsMs, sightings, before)), new Set([0]));
    }),
  );
});

test('refreshes count that begin after an event and not after it is seen', () => {
  assert.equal(startsBetween([100, 200, 300], 100, 300), 2);
  assert.equal(startsBetween([100, 200, 300], 210, 290), 0);
});
