import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, it } from 'node:test';
import { withSystemLock } from './systemLock.ts';
import { temporaryFolder } from './tools/testing/folders.ts';

const never = new AbortController().signal;
const quiet = { holder: 'a test', signal: never, onBusy: () => {} };

describe('a system lock', () => {
  it('lets one at a time in, and gives what the work gives', async (t) => {
    const file = path.join(temporaryFolder(t), 'deep/lock');
    let inside = 0;
    const work = async () => {
      assert.equal(++inside, 1);
      await new Promise(setImmediate);
      return inside--;
    };
    const results = await Promise.all([1, 2, 3].map(() => withSystemLock(file, quiet, work)));
    assert.deepEqual(results, [1, 1, 1]);
  });

  it('is free again after work that failed', async (t) => {
    const file = path.join(temporaryFolder(t), 'lock');
    const failing = withSystemLock(file, quiet, () => Promise.reject(new Error('no')));
    await assert.rejects(failing, /no/);
    assert.equal(await withSystemLock(file, quiet, async () => 'mine'), 'mine');
  });

  it('tells who has it, and ends with its holder, kill -9 too', async (t) => {
    const file = path.join(temporaryFolder(t), 'lock');
    const holder = await startHolder(file);
    t.after(() => holder.kill('SIGKILL'));
    const seen = new Set<string>();
    const onBusy = (name: string) => {
      seen.add(name);
      holder.kill('SIGKILL');
    };
    assert.equal(await withSystemLock(file, { ...quiet, onBusy }, async () => 'mine'), 'mine');
    assert.deepEqual([...seen], ['the other one']);
  });

  it('stops waiting when it is told to', async (t) => {
    const file = path.join(temporaryFolder(t), 'lock');
    await withSystemLock(file, quiet, async () => {
      const stop = new AbortController();
      const waiting = { ...quiet, signal: stop.signal, onBusy: () => stop.abort() };
      await assert.rejects(
        withSystemLock(file, waiting, async () => assert.fail('two at once')),
        { name: 'AbortError' },
      );
    });
  });
});

/** Another process that holds the lock until it is killed. */
async function startHolder(file: string) {
  const script = `
    import { withSystemLock } from ${JSON.stringify(import.meta.resolve('./systemLock.ts'))};
    const options = { holder: 'the other one', signal: new AbortController().signal, onBusy() {} };
    await withSystemLock(${JSON.stringify(file)}, options, () => {
      console.log('held');
      return new Promise((resolve) => setInterval(resolve, 1e9));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}
