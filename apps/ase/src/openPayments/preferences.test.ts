import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wishedWaitSeconds } from './preferences.ts';

for (const [header, seconds] of [
  [undefined, 0],
  ['wait=3', 3],
  ['Wait = 3 ', 3],
  ['respond-async, wait=7', 7],
  ['wait=2; x=1, return=minimal', 2],
  ['wait=100000', 10],
  ['wait=0', 0],
  ['wait=-1', 0],
  ['wait=1.5', 0],
  ['wait', 0],
  ['await=3', 0],
  ['wait="3"', 0],
] as const) {
  test(`Prefer: ${header} lets an answer wait ${seconds} s`, () => {
    assert.equal(wishedWaitSeconds(header), seconds);
  });
}
