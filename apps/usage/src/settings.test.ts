import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './settings.ts';

test('settings have defaults but for the database, and tell all problems at once', () => {
  assert.deepEqual(readSettings({ USAGE_DATA_FILE: '/x/usage.sqlite', USAGE_PORT: '' }), {
    host: '127.0.0.1',
    port: 14500,
    dataFile: '/x/usage.sqlite',
    limits: { reportsPerSecond: 20n, reportsPerInstallationAndDay: 24, maxReports: 200_000, keepDays: 400 },
  });
  assert.throws(() => readSettings({ USAGE_PORT: '99999', USAGE_MAX_REPORTS: '0', USAGE_KEEP_DAYS: 'x' }), {
    message: [
      'USAGE_PORT: must be between 0 and 65535',
      'USAGE_DATA_FILE: is needed: where the reports are kept',
      'USAGE_MAX_REPORTS: must be between 1 and 10000000',
      'USAGE_KEEP_DAYS: must be a whole number',
    ].join('\n'),
  });
});
