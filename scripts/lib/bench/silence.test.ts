import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSilenceMeter } from './silence.ts';

/** Listens with these words at these times, from 0 to `endMs`. */
function longest(wordsMs: number[], endMs: number): number {
  let nowMs = 0;
  const meter = createSilenceMeter(() => nowMs);
  for (const wordMs of wordsMs) {
    nowMs = wordMs;
    meter.heard();
  }
  nowMs = endMs;
  return meter.longestMs();
}

test('the longest silence may be before the first word, between two, or after the last', () => {
  assert.equal(longest([500, 600, 700], 800), 500);
  assert.equal(longest([10, 20, 320, 330], 340), 300);
  assert.equal(longest([10, 20], 1000), 980);
  assert.equal(longest([], 70), 70);
});
