import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { renderMetricsReference } from './reference.ts';

test('the reference page is what the catalogue says', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../docs/reference/metrics.md'), 'utf8');
  assert.equal(page, renderMetricsReference(), 'Run ./playground dashboards and commit the result.');
});
