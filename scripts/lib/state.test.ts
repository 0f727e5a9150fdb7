import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { VerbError } from './errors.ts';
import {
  deleteRunState,
  ensureSecrets,
  type RunState,
  readRunState,
  runFile,
  secretsFile,
  writeRunState,
} from './state.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'playground-state-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const RUN: RunState = {
  mode: 'embedded',
  hops: 1,
  network: { core: false, livenet: ['happy-life'] },
  pull: false,
  dashboards: 'viewer',
  host: '127.0.0.1',
  portOffset: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  components: [
    {
      name: 'rates',
      pid: 1,
      startToken: 'boot:1',
      url: 'http://127.0.0.1:1',
      healthUrl: null,
      readyUrl: null,
      startedAt: '2026-01-01T00:00:00.000Z',
      logFile: '/log',
      late: false,
    },
  ],
};

describe('run.json', () => {
  it('comes back as it was written, and leaves no temporary file', () => {
    assert.equal(readRunState(home), undefined);
    writeRunState(home, RUN);
    assert.deepEqual(readRunState(home), RUN);
    assert.deepEqual(readdirSync(home), ['run.json']);
    deleteRunState(home);
    assert.equal(readRunState(home), undefined);
  });

  for (const damage of ['', '{"mode":"embedded"', '{"mode":"other"}']) {
    it(`that holds ${JSON.stringify(damage)} is said to be damaged`, () => {
      writeFileSync(runFile(home), damage);
      assert.throws(
        () => readRunState(home),
        (error) => error instanceof VerbError && /is damaged/.test(error.message),
      );
    });
  }
});

describe('secrets.json', () => {
  it('is made once, for every ordered pair, and is the owner’s alone', () => {
    const secrets = ensureSecrets(home, ['a', 'b', 'c']);
    assert.deepEqual(Object.keys(secrets.peerTokens).sort(), ['a>b', 'a>c', 'b>a', 'b>c', 'c>a', 'c>b']);
    const all = [secrets.adminToken, secrets.grafanaAdminPassword, ...Object.values(secrets.peerTokens)];
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.every((secret) => secret.length >= 32));
    assert.equal(statSync(secretsFile(home)).mode & 0o777, 0o600);
    assert.deepEqual(ensureSecrets(home, ['a', 'b', 'c']), secrets);
  });
});
