import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { componentMark, findOrphans } from './orphans.ts';
import { startDetached, stopProcess } from './processControl.ts';

let home: string;
before(() => {
  home = mkdtempSync(path.join(tmpdir(), 'playground-orphans-'));
});
after(() => rmSync(home, { recursive: true }));

it('finds a component that nobody wrote down, and only of this playground', {
  skip: process.platform !== 'linux',
}, async () => {
  const { identity, child } = await startDetached(
    {
      program: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
      cwd: home,
      env: componentMark(home, 'rates'),
    },
    path.join(home, 'rates.log'),
  );
  const exited = once(child, 'exit');
  try {
    assert.deepEqual(findOrphans(home, []), [{ name: 'rates', ...identity }]);
    assert.deepEqual(findOrphans(home, [identity]), []);
    assert.deepEqual(findOrphans(`${home}/other`, []), []);
    assert.deepEqual(findOrphans(path.dirname(home), []), []);
  } finally {
    await stopProcess(identity, 1000);
    await exited;
  }
  assert.deepEqual(findOrphans(home, []), []);
});
