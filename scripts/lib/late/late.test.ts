import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { componentMark } from '../orphans.ts';
import { lateCommand } from './command.ts';

/** A tool that says what it has become. */
const TOOL = `#!/bin/sh
case "$*" in *version*) echo 'version 2.13.0'; exit 0;; esac
echo "pid $$ in $PWD: $*, GREETING=$GREETING, SECRET=$SECRET, mark $PLAYGROUND_COMPONENT"
`;

function inFolder(work: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'playground-late-'));
    try {
      await work(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function start(folder: string, tools: Record<string, string>) {
  const { program, args, cwd, env } = lateCommand('jaeger', {
    args: ['--config', 'a b'],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', GREETING: 'hello' },
  });
  const child = spawn(program, args, {
    cwd,
    env: { ...env, ...componentMark(folder, 'jaeger'), SECRET: 'of the user', ...tools },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

test(
  'a late program becomes its tool, as the same process, with the environment of the tool alone',
  inFolder(async (folder) => {
    writeFileSync(path.join(folder, 'jaeger'), TOOL, { mode: 0o755 });
    const { child, lines } = start(folder, { PLAYGROUND_TOOLS: folder });
    let last = '';
    lines.on('line', (line) => {
      last = line;
    });
    const [exitCode] = await once(child, 'close');
    assert.equal(
      last,
      `pid ${child.pid} in ${folder}: --config a b, GREETING=hello, SECRET=, mark jaeger@${folder}`,
    );
    assert.equal(exitCode, 0);
  }),
);

test(
  'a tool that cannot be had is told, with exit code 1',
  inFolder(async (folder) => {
    writeFileSync(path.join(folder, 'jaeger'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { child, lines } = start(folder, { PLAYGROUND_TOOLS: folder });
    const told: string[] = [];
    lines.on('line', (line) => told.push(line));
    const [exitCode] = await once(child, 'close');
    assert.equal(exitCode, 1);
    assert.match(told.at(-1) ?? '', /jaeger cannot be had/);
  }),
);
