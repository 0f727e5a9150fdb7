import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { VerbError } from './errors.ts';
import { withLock } from './lock.ts';

let home: string;
before(() => {
  home = mkdtempSync(path.join(tmpdir(), 'playground-lock-'));
});
after(() => rmSync(home, { recursive: true }));

const quiet = { say: () => {}, signal: new AbortController().signal };

it('lets one verb in at a time, the next when it is done', async () => {
  let inside = 0;
  const work = async () => {
    inside++;
    assert.equal(inside, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(home, 'up', { ...quiet, waitMs: 10_000 }, work)));
});

it('says who is at work when the time is up', async () => {
  await withLock(home, 'up', { ...quiet, waitMs: 0 }, async () => {
    const second = withLock(home, 'down', { ...quiet, waitMs: 0 }, async () => {});
    await assert.rejects(second, (error) => {
      assert.ok(error instanceof VerbError);
      assert.match(error.message, new RegExp(`\\./playground up \\(pid ${process.pid}\\) is at work`));
      return true;
    });
  });
});

it('is free again when the work fails', async () => {
  const failing = withLock(home, 'up', { ...quiet, waitMs: 0 }, async () => {
    throw new Error('no');
  });
  await assert.rejects(failing, /no/);
  await withLock(home, 'up', { ...quiet, waitMs: 0 }, async () => {});
});

it('is free again when its holder is killed', async () => {
  const lockModule = path.join(import.meta.dirname, 'lock.ts');
  const text = `
    import { withLock } from ${JSON.stringify(lockModule)};
    const options = { say: () => {}, signal: new AbortController().signal, waitMs: 0 };
    await withLock(${JSON.stringify(home)}, 'up', options, () => { console.log('held'); return new Promise((done) => setTimeout(done, 60_000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  await once(holder.stdout, 'data');
  try {
    await assert.rejects(
      withLock(home, 'down', { ...quiet, waitMs: 0 }, async () => {}),
      VerbError,
    );
  } finally {
    holder.kill('SIGKILL');
    await ended;
  }
  await withLock(home, 'down', { ...quiet, waitMs: 0 }, async () => {});
});
