import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Command, startDetached, stopProcess } from './processControl.ts';
import { findProcess, parsePs, parseStat, processInfo } from './processIdentity.ts';
import { waitFor } from './wait.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'playground-process-'));
});
after(() => rmSync(folder, { recursive: true }));

function script(text: string, env: Record<string, string> = {}): Command {
  return { program: process.execPath, args: ['-e', text], cwd: folder, env };
}

async function waitForLog(logFile: string, word: string): Promise<void> {
  await waitFor(async () => (readFileSync(logFile, 'utf8').includes(word) ? undefined : word), {
    timeoutMs: 10_000,
    pollMs: 10,
    signal: new AbortController().signal,
    say: () => {},
  });
}

describe('a component process', () => {
  it('writes to its log, has only the environment it is given, and ends on request', async () => {
    const logFile = path.join(folder, 'plain.log');
    const text =
      'console.log(JSON.stringify(process.env)); setInterval(() => {}, 1000); console.log("ready")';
    const { identity } = await startDetached(script(text, { ONLY: 'this' }), logFile);
    await waitForLog(logFile, 'ready');
    assert.deepEqual(JSON.parse(readFileSync(logFile, 'utf8').split('\n')[0]!), { ONLY: 'this' });
    assert.equal(findProcess(identity)?.state, 'running');
    assert.ok(findProcess(identity)!.rssBytes > 1_000_000);
    assert.equal(await stopProcess(identity, 5000), 'ended');
    assert.equal(findProcess(identity), undefined);
    assert.equal(await stopProcess(identity, 5000), 'absent');
  });

  it('is killed when it does not listen', async () => {
    const logFile = path.join(folder, 'deaf.log');
    const text = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready")';
    const { identity } = await startDetached(script(text), logFile);
    await waitForLog(logFile, 'ready');
    assert.equal(await stopProcess(identity, 50), 'killed');
    assert.equal(findProcess(identity), undefined);
  });

  it('ends even when it is frozen', async () => {
    const logFile = path.join(folder, 'frozen.log');
    const { identity } = await startDetached(
      script('setInterval(() => {}, 1000); console.log("ready")'),
      logFile,
    );
    await waitForLog(logFile, 'ready');
    process.kill(identity.pid, 'SIGSTOP');
    await waitFor(async () => (findProcess(identity)?.state === 'frozen' ? undefined : 'frozen'), {
      timeoutMs: 5000,
      pollMs: 5,
      signal: new AbortController().signal,
      say: () => {},
    });
    assert.equal(await stopProcess(identity, 5000), 'ended');
  });

  it('is never another one that has got its pid', async () => {
    const logFile = path.join(folder, 'other.log');
    const { identity, child } = await startDetached(script('setInterval(() => {}, 1000)'), logFile);
    const stranger = { pid: identity.pid, startToken: 'of-an-earlier-process' };
    assert.equal(findProcess(stranger), undefined);
    assert.equal(await stopProcess(stranger, 10), 'absent');
    assert.ok(findProcess(identity), 'the process with that pid still lives');
    const exited = once(child, 'exit');
    await stopProcess(identity, 5000);
    await exited;
  });

  it('puts a big log aside at the next start', async () => {
    const logFile = path.join(folder, 'big.log');
    writeFileSync(logFile, 'x'.repeat(6 * 1024 * 1024));
    const { identity, child } = await startDetached(script(''), logFile);
    await (child.exitCode === null ? once(child, 'exit') : undefined);
    assert.ok(existsSync(`${logFile}.1`));
    assert.equal(readFileSync(logFile, 'utf8'), '');
    assert.equal(findProcess(identity), undefined);
  });

  it('that cannot be started is an error, not a crash', async () => {
    const missing = { ...script(''), program: path.join(folder, 'nowhere') };
    await assert.rejects(startDetached(missing, path.join(folder, 'missing.log')), /ENOENT/);
  });
});

describe('process information', () => {
  it('reads /proc/PID/stat even when the command is odd', () => {
    const stat = `7 (a) b (c) S ${Array.from({ length: 18 }, (_, i) => i + 4).join(' ')} 4242 99 17 0`;
    assert.deepEqual(parseStat(stat), { state: 'S', startTicks: '4242', rssPages: 17 });
  });

  it('reads ps where there is no /proc', () => {
    assert.deepEqual(parsePs(5, 'T+   2048 Fri Nov 21 11:12:13 2025\n'), {
      pid: 5,
      startToken: 'Fri Nov 21 11:12:13 2025',
      state: 'frozen',
      rssBytes: 2048 * 1024,
    });
    assert.equal(parsePs(5, 'Z 0 Fri Nov 21 11:12:13 2025'), undefined);
    assert.equal(parsePs(5, ''), undefined);
  });

  it('knows this process', () => {
    const info = processInfo(process.pid)!;
    assert.deepEqual(findProcess(info)?.startToken, info.startToken);
  });
});
