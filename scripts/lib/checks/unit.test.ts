import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countNodeTests, unitTestFiles } from './unit.ts';

const closing = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([word, n]) => `ℹ ${word} ${n}`)
    .join('\n');

test('counts what the runner counted', () => {
  const output = closing({ tests: 5, pass: 4, fail: 1, cancelled: 0, skipped: 0, todo: 0 });
  assert.deepEqual(countNodeTests(1, output), { passed: 4, failed: 1, output });
});

test('a skipped test is not a passed test', () => {
  const output = closing({ pass: 4, fail: 0, cancelled: 0, skipped: 2, todo: 0 });
  assert.equal(countNodeTests(0, output).failed, 2);
});

test('a run that broke off, or ran nothing, has failed', () => {
  assert.equal(countNodeTests(1, 'SyntaxError: …').failed, 1);
  assert.equal(countNodeTests(0, closing({ pass: 0, fail: 0 })).failed, 1);
});

test('every file of unit tests is in one of the two groups, by its name', () => {
  const { quick, long } = unitTestFiles();
  assert.ok(quick.includes('scripts/lib/checks/unit.test.ts'));
  assert.ok(long.includes('apps/ase/src/ilp/crash.long.test.ts'));
  assert.deepEqual(
    quick.filter((file) => long.includes(file) || file.includes('.long.')),
    [],
  );
  assert.deepEqual(
    [...quick, ...long].filter((file) => file.includes('node_modules')),
    [],
  );
});
