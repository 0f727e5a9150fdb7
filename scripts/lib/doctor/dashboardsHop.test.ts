import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boardUids } from '../bench/boards.ts';
import { BOARDS } from './dashboardsHop.ts';

test('doctor knows every board', () => {
  assert.deepEqual(BOARDS.toSorted(), boardUids());
});
