import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { wordsAfter } from './verb.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const HELP = path.join(ROOT, 'scripts/help.ts');

function run(command: string, ...words: string[]) {
  const result = spawnSync(command, words, { cwd: ROOT, encoding: 'utf8' });
  return { exitCode: result.status, stdout: result.stdout, stderr: result.stderr };
}

describe('a verb', () => {
  it('knows the words that follow it, run by node or by zx, with suffix or without', () => {
    const zx = path.join(ROOT, 'node_modules/.bin/zx');
    const twin = HELP.replace(/\.ts$/, '');
    assert.deepEqual(wordsAfter(HELP, ['node', HELP, '--a', 'b']), ['--a', 'b']);
    assert.deepEqual(wordsAfter(HELP, ['node', zx, HELP, '--a']), ['--a']);
    assert.deepEqual(wordsAfter(HELP, ['node', zx, '--quiet', twin, '--a']), ['--a']);
    assert.equal(wordsAfter(HELP, ['node', path.join(ROOT, 'scripts/other.ts'), HELP]), undefined);
  });

  it('is listed by help, and explained', () => {
    const overview = run(process.execPath, HELP);
    assert.equal(overview.exitCode, 0);
    assert.match(overview.stdout, /^ {2}help +Lists the verbs/m);
    assert.match(run(process.execPath, HELP, 'help').stdout, /\.\/playground help \[VERB\] \[options\]/);
  });

  it('suggests the nearest verb with exit code 2 and without a stack trace', () => {
    const { exitCode, stdout, stderr } = run(process.execPath, HELP, 'hlep');
    assert.equal(exitCode, 2);
    assert.equal(stdout, '');
    assert.equal(
      stderr,
      'playground help: unknown verb "hlep": did you mean help?\n  ./playground help lists the verbs\n',
    );
  });

  it('runs as `zx scripts/help` too', () => {
    const { exitCode, stdout } = run(process.execPath, 'node_modules/.bin/zx', 'scripts/help', 'help');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^\.\/playground help/);
  });
});
