import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startDetached } from '../processControl.ts';
import { findProcess } from '../processIdentity.ts';
import { writeRunState } from '../state.ts';
import { takeDownAll } from './takeDown.ts';

test('what a test left running is taken down, wherever it kept its state, and nothing else is touched', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'take-down-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, 'results'));
  const homes = ['playground-e2e-x', 'playground-mutant-x/.playground'].map((home) =>
    path.join(folder, home),
  );
  const left = await Promise.all(homes.map(leaveRunning));
  await takeDownAll(folder);
  assert.deepEqual(left.map(findProcess), [undefined, undefined]);
  assert.ok(existsSync(path.join(folder, 'results')));
});

/** A playground of one component. */
async function leaveRunning(home: string) {
  mkdirSync(home, { recursive: true });
  const logFile = path.join(home, 'rates.log');
  const forever = {
    program: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1000)'],
    cwd: home,
    env: {},
  };
  const { identity } = await startDetached(forever, logFile);
  const startedAt = new Date().toISOString();
  const urls = { url: null, healthUrl: null, readyUrl: null };
  writeRunState(home, {
    mode: 'embedded',
    hops: 1,
    network: { core: true, livenet: [] },
    pull: false,
    dashboards: 'viewer',
    host: '127.0.0.1',
    portOffset: 0,
    startedAt,
    components: [{ ...identity, ...urls, name: 'rates', startedAt, logFile, late: false }],
  });
  return identity;
}
