import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countPlaywrightTests } from './e2e.ts';

const report = (stats: object, errors: unknown[] = []) =>
  JSON.stringify({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors });

test('counts what Playwright counted', () => {
  assert.deepEqual(countPlaywrightTests(report({ expected: 7, unexpected: 2 })), { passed: 7, failed: 2 });
});

test('a skipped or flaky test is not a passed test', () => {
  assert.equal(countPlaywrightTests(report({ expected: 7, skipped: 1, flaky: 1 })).failed, 2);
});

test('a run that never reported, ran nothing or broke off has failed', () => {
  assert.equal(countPlaywrightTests('').failed, 1);
  assert.equal(countPlaywrightTests(report({})).failed, 1);
  assert.equal(countPlaywrightTests(report({ expected: 3 }, [{ message: 'set-up failed' }])).failed, 1);
});
