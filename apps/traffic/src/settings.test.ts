import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { readSettings } from './settings.ts';

let folder: string;
let secretsFile: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'playground-traffic-'));
  secretsFile = path.join(folder, 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify({ adminToken: 'x'.repeat(20) }));
});
after(() => rmSync(folder, { recursive: true }));

const ASES = JSON.stringify([
  { name: 'one', url: 'http://127.0.0.1:1' },
  { name: 'two', url: 'http://127.0.0.1:2' },
]);

it('reads its settings', () => {
  const settings = readSettings({ TRAFFIC_ASES: ASES, TRAFFIC_SECRETS_FILE: secretsFile });
  assert.equal(settings.intervalMs, 1500);
  assert.deepEqual(settings.ases[1], {
    name: 'two',
    url: 'http://127.0.0.1:2',
    publicUrl: 'http://127.0.0.1:2',
  });
  assert.equal(settings.adminToken, 'x'.repeat(20));
});

it('names everything that is wrong at once', () => {
  const env = {
    TRAFFIC_ASES: '[]',
    TRAFFIC_INTERVAL_MS: 'soon',
    TRAFFIC_SECRETS_FILE: path.join(folder, 'none'),
  };
  assert.throws(
    () => readSettings(env),
    (error: Error) => {
      for (const part of [
        /TRAFFIC_ASES must name/,
        /TRAFFIC_INTERVAL_MS must be/,
        /TRAFFIC_SECRETS_FILE cannot read/,
      ]) {
        assert.match(error.message, part);
      }
      return true;
    },
  );
  assert.throws(() => readSettings({}), /TRAFFIC_ASES is needed\nTRAFFIC_SECRETS_FILE is needed/);
});
