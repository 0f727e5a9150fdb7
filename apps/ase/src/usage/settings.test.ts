import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { usageSettings, usageVariables } from './settings.ts';

const read = (env: Record<string, string>) => usageSettings(z.object(usageVariables).parse(env));
const URL = { USAGE_REPORT_URL: 'https://usage.example/reports' };

test('a report goes once a day to the address that is set, and to none if none is set', () => {
  assert.deepEqual(read(URL), {
    enabled: true,
    url: 'https://usage.example/reports',
    intervalMs: 86_400_000,
    firstDelayMs: 300_000,
  });
  assert.deepEqual(read({}), {
    enabled: false,
    why: 'USAGE_REPORT_URL is not set: there is nobody to tell',
  });
});

test('one variable is enough to opt out, and so is the one that all programs share', () => {
  assert.deepEqual(read({ ...URL, USAGE_REPORT: 'false' }), { enabled: false, why: 'USAGE_REPORT is false' });
  for (const wish of ['1', 'true', 'yes']) {
    assert.deepEqual(read({ ...URL, DO_NOT_TRACK: wish }), { enabled: false, why: 'DO_NOT_TRACK is set' });
  }
  for (const none of ['0', 'false']) assert.equal(read({ ...URL, DO_NOT_TRACK: none }).enabled, true);
});

test('what cannot be meant is refused', () => {
  const parse = (env: Record<string, string>) => z.object(usageVariables).safeParse(env).success;
  assert.equal(parse({ USAGE_REPORT: 'no' }), false, 'a misspelt opt-out must not be taken for consent');
  assert.equal(parse({ USAGE_REPORT_URL: 'ftp://usage.example' }), false);
  assert.equal(parse({ USAGE_REPORT_INTERVAL_SECONDS: '59' }), false);
  assert.equal(parse({ USAGE_REPORT_FIRST_DELAY_SECONDS: '-1' }), false);
});
