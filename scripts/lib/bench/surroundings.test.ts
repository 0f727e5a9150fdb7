import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSurroundings, SURROUNDINGS } from './surroundings.ts';

test('machine, versions and commit of here and now are known', async () => {
  const surroundings = await readSurroundings(new AbortController().signal);
  assert.deepEqual(SURROUNDINGS.parse(surroundings), surroundings);
  assert.equal(surroundings.versions.NODE_VERSION, process.versions.node);
  assert.ok(surroundings.versions.PROMETHEUS_VERSION);
});
