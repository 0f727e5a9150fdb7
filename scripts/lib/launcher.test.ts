import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './settings.ts';
import { temporaryFolder, writeProgram } from './tools/testing/folders.ts';

const OK = { code: 0, stderr: '' };

describe('./playground', () => {
  it('runs the verb by zx, with its words as they are', async (t) => {
    const { run, root } = installed(t);
    const { stdout, ...rest } = await run('up', '--hops', '2', 'two  words', '*', '');
    assert.deepEqual(rest, OK);
    assert.deepEqual(stdout.split('\n').slice(0, -1), [
      path.join(root, 'node_modules/zx/build/cli.js'),
      '--quiet',
      path.join(root, 'scripts/up.ts'),
      ...['--hops', '2', 'two  words', '*', ''],
    ]);
  });

  it('works from any folder, and through a link', async (t) => {
    const { root, environment } = installed(t);
    symlinkSync('../playground', path.join(root, 'bin/pg'));
    const { stdout } = await finish(start(path.join(root, 'bin/pg'), ['up'], environment, '/'));
    assert.match(stdout, /scripts\/up\.ts/);
  });

  it('leaves everything that is no verb to help', async (t) => {
    const { run } = installed(t);
    const helpWords = async (...words: string[]) => (await run(...words)).stdout.split('\n').slice(2, -1);
    for (const words of [[], [''], ['-h'], ['--help']]) {
      assert.match((await helpWords(...words)).join(), /scripts\/help\.ts$/);
    }
    for (const word of ['uup', '../scripts/up', 'Up', '--jsn', 'up.test', 'lib']) {
      assert.match((await helpWords(word, '--json')).join(), new RegExp(`scripts/help\\.ts,${word}$`));
    }
  });

  it('passes the exit code on', async (t) => {
    const { run, root } = installed(t);
    writeNode(root, 24, 'exit 7');
    assert.equal((await run('up')).code, 7);
  });
});

describe('Node', () => {
  it('is the one of npm when the system has none that is new enough', async (t) => {
    const { run, root } = installed(t);
    writeNode(root, 20, 'echo old');
    writeProgram(path.join(root, 'node_modules/.bin/node'), 'echo v24.1.0');
    assert.deepEqual(await run('up'), { ...OK, stdout: 'v24.1.0\n' });
  });

  it('too old everywhere is one clear line', async (t) => {
    const { run, root } = installed(t);
    writeNode(root, 23, 'echo old');
    const { code, stderr } = await run('up');
    assert.equal(code, 1);
    assert.match(stderr, /^playground: Node 24 or newer is needed .*\n$/);
  });
});

describe('the npm packages', () => {
  it('are installed on the first run, and again when package-lock.json has changed', async (t) => {
    const { run, root, installations } = checkout(t);
    const first = await run('up');
    assert.equal(first.code, 0);
    assert.equal(first.stderr, 'playground: installing the npm packages …\n');
    assert.match(first.stdout, /scripts\/up\.ts/);
    assert.deepEqual(await run('up'), { ...OK, stdout: first.stdout });
    assert.deepEqual(installations(), ['ci --include=dev --no-audit --no-fund']);

    const future = new Date(Date.now() + 60_000);
    utimesSync(path.join(root, 'package-lock.json'), future, future);
    await run('up');
    assert.equal(installations().length, 2);
  });

  it('that cannot be installed are an error with all that npm said', async (t) => {
    const { run, root } = checkout(t);
    writeProgram(path.join(root, 'bin/npm'), 'echo npm error network; exit 1');
    const { code, stderr, stdout } = await run('up');
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /npm error network\nplayground: npm ci failed, see above\n$/);
  });

  it('without npm are one clear line', async (t) => {
    const { root, environment } = checkout(t);
    const bare = path.join(root, 'bare');
    mkdirSync(bare);
    for (const tool of ['dirname', 'readlink']) symlinkSync(`/usr/bin/${tool}`, path.join(bare, tool));
    const { code, stderr } = await finish(
      start(path.join(root, 'playground'), ['up'], { ...environment, PATH: bare }),
    );
    assert.equal(code, 1);
    assert.match(stderr, /^playground: npm is needed, .*\n$/);
  });

  for (const locker of ['flock', 'perl']) {
    it(`are installed once for two at once, with ${locker}`, { timeout: 20_000 }, async (t) => {
      const { root, environment, installations } = checkout(t, { gate: true });
      // A folder with all commands that the launcher needs but one, as on macOS.
      const PATH = locker === 'flock' ? environment.PATH : withoutFlock(root);
      const one = start(path.join(root, 'playground'), ['up'], { ...environment, PATH });
      await until(t, () => installations().length === 1);
      const two = start(path.join(root, 'playground'), ['down'], { ...environment, PATH });
      const [said] = (await once(two.stderr!.setEncoding('utf8'), 'data')) as [string];
      assert.equal(said, 'playground: waiting for another ./playground, which installs the npm packages …\n');
      writeFileSync(path.join(root, 'gate'), '');
      const [first, second] = await Promise.all([finish(one), finish(two)]);
      assert.match(first.stdout, /up\.ts/);
      assert.match(second.stdout, /down\.ts/);
      assert.equal(installations().length, 1);
    });
  }

  it('are installed whole after a kill -9 or a Ctrl-C in the middle', { timeout: 20_000 }, async (t) => {
    const { root, environment, run, installations } = checkout(t, { gate: true });
    for (const [signal, count] of [
      ['SIGKILL', 1],
      ['SIGINT', 2],
    ] as const) {
      const broken = start(path.join(root, 'playground'), ['up'], environment);
      await until(t, () => installations().length === count);
      // The whole process group, as the terminal does it.
      process.kill(-broken.pid!, signal);
      await once(broken, 'close');
      assert.ok(!existsSync(path.join(root, 'node_modules')));
    }
    writeFileSync(path.join(root, 'gate'), '');
    const { stdout, code } = await run('up');
    assert.equal(code, 0);
    assert.match(stdout, /up\.ts/);
    assert.equal(installations().length, 3);
  });
});

/** A copy of the launcher in a checkout with made-up Node and npm and nothing installed. */
function checkout(t: TestContext, { gate = false } = {}) {
  const root = temporaryFolder(t);
  copyFileSync(path.join(ROOT, 'playground'), path.join(root, 'playground'));
  writeFileSync(path.join(root, 'package-lock.json'), '{}');
  mkdirSync(path.join(root, 'scripts/lib'), { recursive: true });
  for (const verb of ['up', 'down', 'help']) writeFileSync(path.join(root, `scripts/${verb}.ts`), '');
  writeNode(root, 24, `printf '%s\\n' "$@"`);
  const log = path.join(root, 'npm.log');
  const wait = gate ? 'until [ -e gate ]; do sleep 0.01; done' : ':';
  writeProgram(
    path.join(root, 'bin/npm'),
    `echo "$*" >>${log}; echo noise; ${wait}; mkdir -p node_modules; echo {} >node_modules/.package-lock.json`,
  );
  const environment = { PATH: `${root}/bin:/usr/bin:/bin`, HOME: root };
  return {
    root,
    environment,
    run: (...words: string[]) => finish(start(path.join(root, 'playground'), words, environment)),
    installations: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
  };
}

function installed(t: TestContext) {
  const made = checkout(t);
  mkdirSync(path.join(made.root, 'node_modules'));
  writeFileSync(path.join(made.root, 'node_modules/.package-lock.json'), '{}');
  return made;
}

function writeNode(root: string, major: number, script: string): void {
  writeProgram(
    path.join(root, 'bin/node'),
    `[ "$1" = --version ] && { echo v${major}.5.0; exit; }\n${script}`,
  );
}

function withoutFlock(root: string): string {
  const folder = path.join(root, 'macos');
  mkdirSync(folder);
  const needed = ['dirname', 'readlink', 'perl', 'mktemp', 'rm', 'cat', 'sleep', 'mkdir'];
  for (const tool of needed) symlinkSync(`/usr/bin/${tool}`, path.join(folder, tool));
  return `${root}/bin:${folder}`;
}

function start(
  file: string,
  words: string[],
  environment: Record<string, string>,
  cwd?: string,
): ChildProcess {
  return spawn(file, words, { env: environment, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finish(child: ChildProcess) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code: code as number };
}

/** Polls, but not for ever: a test that has run out of time ends it. */
async function until(t: TestContext, condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5, undefined, { signal: t.signal });
}
