import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countPlaywrightTests } from './playwrightReport.ts';

const report = (stats: object, rest: { errors?: unknown[]; suites?: unknown[] } = {}) =>
  JSON.stringify({
    stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats },
    errors: [],
    ...rest,
  });

test('counts what Playwright counted', () => {
  assert.deepEqual(countPlaywrightTests(report({ expected: 7, unexpected: 2 })), { passed: 7, failed: 2 });
});

test('a skipped test is not a passed test', () => {
  assert.equal(countPlaywrightTests(report({ expected: 7, skipped: 1 })).failed, 1);
});

test('what passed at the second try has passed, and is named', () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
  const suites = [
    {
      specs: [spec('one', 'expected')],
      suites: [{ specs: [spec('two', 'flaky'), spec('three', 'expected')] }],
    },
  ];
  assert.deepEqual(countPlaywrightTests(report({ expected: 2, flaky: 1 }, { suites })), {
    passed: 3,
    failed: 0,
    notes: ['passed at the second try: two'],
  });
});

test('a run that never reported, ran nothing or broke off has failed', () => {
  assert.equal(countPlaywrightTests('').failed, 1);
  assert.equal(countPlaywrightTests(report({})).failed, 1);
  const broken = { errors: [{ message: 'set-up failed' }] };
  assert.equal(countPlaywrightTests(report({ expected: 3 }, broken)).failed, 1);
});
