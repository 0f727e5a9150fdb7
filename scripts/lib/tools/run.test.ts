import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { processInfo } from '../processIdentity.ts';
import { run } from './run.ts';
import { temporaryFolder, writeProgram } from './testing/folders.ts';

describe('run', () => {
  it('gives the outcome and every line, the last without an end too', async () => {
    const seen: string[] = [];
    const finished = await run('sh', ['-c', 'echo one; echo two >&2; printf three'], {
      onLine: (line) => seen.push(line),
    });
    assert.deepEqual(
      { ...finished, lines: finished.lines.toSorted() },
      {
        ok: true,
        timedOut: false,
        outcome: 'exit code 0',
        lines: ['one', 'three', 'two'],
      },
    );
    assert.equal(seen.length, 3);
  });

  it('tells in words how a program failed', async (t) => {
    const noProgram = writeProgram(path.join(temporaryFolder(t), 'x'), '');
    assert.equal((await run('sh', ['-c', 'exit 3'])).outcome, 'exit code 3');
    assert.equal((await run('sh', ['-c', 'kill -SEGV $$'])).outcome, 'SIGSEGV');
    assert.equal((await run('/nowhere/at-all', [])).outcome, 'not found');
    assert.equal((await run(path.dirname(noProgram), [])).ok, false);
    assert.match((await run('sleep', ['60'], { timeoutMs: 50 })).outcome, /no end after 0.05 s/);
  });

  it('keeps the last lines of a long output only', async () => {
    const { lines } = await run('sh', ['-c', 'seq 1 5000']);
    assert.equal(lines.at(-1), '5000');
    assert.equal(lines.length, 200);
  });

  it('ends the whole process group when it is told to stop', { timeout: 10_000 }, async (t) => {
    const marker = path.join(temporaryFolder(t), 'still-here');
    const stop = new AbortController();
    const script = `(trap 'exit 0' TERM; while :; do sleep 0.01; done; ) & echo $!; wait; touch ${marker}`;
    let grandchild = 0;
    const running = run('sh', ['-c', script], {
      signal: stop.signal,
      onLine: (line) => {
        grandchild ||= Number(line);
        stop.abort(new Error('enough'));
      },
    });
    await assert.rejects(running, /enough/);
    while (processInfo(grandchild)) await delay(5);
    assert.ok(!existsSync(marker));
  });

  it('does not even start when it is too late', async () => {
    await assert.rejects(run('true', [], { signal: AbortSignal.abort(new Error('late')) }), /late/);
  });
});
