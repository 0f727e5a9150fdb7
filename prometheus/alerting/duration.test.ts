import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faster, fasterWindow, secondsOf } from './duration.ts';

test('durations keep their spelling at speed 1, and are whole seconds above', () => {
  assert.equal(faster('5m', 1), '5m');
  assert.equal(faster('5m', 20), '15s');
  assert.equal(faster('1m', 5000), '1s');
  assert.equal(secondsOf('3d'), 259_200);
});

test('a window never has too few samples to make a rate of', () => {
  assert.equal(fasterWindow('1h', 1), '1h');
  assert.equal(fasterWindow('1h', 20), '180s');
  assert.equal(fasterWindow('1m', 20), '10s');
});
