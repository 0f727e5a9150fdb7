import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { VerbError } from '../errors.ts';
import { ensurePrograms } from './ensure.ts';
import { assertNothingHalfMade, writeProgram, writeTool } from './testing/folders.ts';
import { packTools, sha256, startMirror } from './testing/mirror.ts';
import { makeToolbox, type Toolbox } from './testing/toolbox.ts';

const BOTH = ['gadget', 'gizmo'] as const;

describe('where a tool comes from', () => {
  it('the folder in PLAYGROUND_TOOLS comes first, at any version, which is said', async (t) => {
    const { context, bin, cache } = makeToolbox(t);
    const chosen = path.join(cache, '../chosen');
    writeTool(path.join(chosen, 'gadget'), '9.9.9');
    writeTool(path.join(bin, 'gadget-contrib'), '1.2.3');
    context.environment.PLAYGROUND_TOOLS = chosen;
    const { gadget } = await ensurePrograms(['gadget'], context);
    assert.equal(gadget, path.join(chosen, 'gadget'));
    assert.match(
      context.progress.lines[0]!,
      /^gadget 9\.9\.9 by PLAYGROUND_TOOLS; \.env pins GADGET_VERSION=1\.2\.3$/,
    );
  });

  it('a chosen program that does not run is an error, not passed over', async (t) => {
    const { context, cache } = makeToolbox(t);
    context.environment.PLAYGROUND_TOOLS = cache;
    writeProgram(path.join(cache, 'gadget'), 'exit 7');
    await assert.rejects(
      ensurePrograms(['gadget'], context),
      /PLAYGROUND_TOOLS\) does not run: .*exit code 7/,
    );
  });

  it('PATH comes next, by the official name and at the pinned version only', async (t) => {
    const { context, bin } = makeToolbox(t);
    writeTool(path.join(bin, 'gadget-contrib'), '1.2.3');
    writeTool(path.join(bin, 'gizmo'), '1.2.2');
    const { gadget, gizmo } = await ensurePrograms(BOTH, context);
    assert.equal(gadget, path.join(bin, 'gadget-contrib'));
    assert.match(gizmo, /\.cache\/ilp-playground\/gadget\/1\.2\.3\+[0-9a-f]{8}\/gizmo$/);
  });

  it('then a download, which brings all programs of its archive', async (t) => {
    const { context, cache, goLog } = makeToolbox(t);
    await serve(t, context, '1.2.3');
    const first = await ensurePrograms(['gadget'], context);
    assert.deepEqual(first, { gadget: path.join(cache, 'gadget/1.2.3/gadget') });
    context.environment.PLAYGROUND_DOWNLOAD_MIRROR = 'http://127.0.0.1:9';
    assert.deepEqual(await ensurePrograms(['gizmo'], context), {
      gizmo: path.join(cache, 'gadget/1.2.3/gizmo'),
    });
    assert.ok(!existsSync(goLog));
    assertNothingHalfMade(cache);
  });

  it('then a build, by the recipe, after a line that says why there was no download', async (t) => {
    const { context, cache, goLog } = makeToolbox(t);
    const files = await ensurePrograms(BOTH, context);
    const folder = path.dirname(files.gadget);
    assert.match(folder, /gadget\/1\.2\.3\+[0-9a-f]{8}$/);
    assert.equal(files.gizmo, path.join(folder, 'gizmo'));
    const [list, build] = readFileSync(goLog, 'utf8').trimEnd().split('\n');
    assert.match(list!, /^list -deps -mod=readonly -tags=small .* CGO_ENABLED=0 GOFLAGS=$/);
    assert.match(build!, /^build -v -mod=readonly -tags=small -o=.* CGO_ENABLED=0 GOFLAGS=$/);
    const { lines } = context.progress;
    assert.match(
      lines.join('\n'),
      /✗ downloading gadget 1\.2\.3: http:.*\n {2}so gadget is built from source/,
    );
    assertNothingHalfMade(cache);
  });

  it('and the cache the next time, without a word', async (t) => {
    const { context, goLog } = makeToolbox(t);
    const first = await ensurePrograms(BOTH, context);
    const log = readFileSync(goLog, 'utf8');
    context.progress.lines.length = 0;
    assert.deepEqual(await ensurePrograms(BOTH, context), first);
    assert.equal(readFileSync(goLog, 'utf8'), log);
    assert.deepEqual(context.progress.lines, []);
  });

  it('XDG_CACHE_HOME moves the cache, unless it is relative', async (t) => {
    const { context, cache } = makeToolbox(t);
    context.environment.XDG_CACHE_HOME = path.join(cache, '../elsewhere');
    const { gadget } = await ensurePrograms(['gadget'], context);
    assert.match(gadget, /\/elsewhere\/ilp-playground\/gadget\//);
    context.environment.XDG_CACHE_HOME = 'relative';
    assert.ok((await ensurePrograms(['gadget'], context)).gadget.startsWith(cache));
  });

  it('a changed recipe is built anew, beside the old one', async (t) => {
    const { context, tools } = makeToolbox(t);
    const before = await ensurePrograms(['gadget'], context);
    writeFileSync(path.join(tools, 'gadget/components.go'), 'package main // one more component');
    const after = await ensurePrograms(['gadget'], context);
    assert.notEqual(after.gadget, before.gadget);
    assert.ok(existsSync(before.gadget));
  });
});

describe('a tool that cannot be trusted', () => {
  it('is made again when its file in the cache is damaged', async (t) => {
    const { context } = makeToolbox(t);
    const { gadget } = await ensurePrograms(['gadget'], context);
    const damages: [damage: string, trouble: RegExp][] = [
      // The system may take these for scripts, or for nothing at all.
      ['', /\(.+\)/],
      ['\x7fELF cut off', /\(--version: .+\)/],
      ['#!/bin/sh\nkill -SEGV $$\n', /\(--version: SIGSEGV\)/],
      ['#!/bin/sh\necho gadget, version 0.0.1\n', /\(it is version 0\.0\.1\)/],
    ];
    for (const [damage, trouble] of damages) {
      writeFileSync(gadget, damage);
      context.progress.lines.length = 0;
      assert.deepEqual(await ensurePrograms(['gadget'], context), { gadget });
      const said = context.progress.lines[0] ?? '';
      assert.ok(said.startsWith(`${gadget} is damaged (`) && said.endsWith('): getting it again'), said);
      assert.match(said, trouble);
      assert.match(readFileSync(gadget, 'utf8'), /version 1\.2\.3/);
    }
  });

  it('is not got again when it is slow to answer, which is said', { timeout: 30_000 }, async (t) => {
    const { context, goLog } = makeToolbox(t);
    const { gadget } = await ensurePrograms(['gadget'], context);
    const before = readFileSync(goLog, 'utf8');
    // It answers when this test lets it: when its lateness has been told.
    const gate = path.join(path.dirname(gadget), 'gate');
    writeTool(gadget, '1.2.3', `until [ -e '${gate}' ]; do sleep 0.01; done`);
    context.patience = { lateAfterMs: 1, endsAfterMs: 25_000 };
    context.progress.lines.length = 0;
    const found = ensurePrograms(['gadget'], context);
    while (context.progress.lines.length === 0) await delay(1);
    writeFileSync(gate, '');
    assert.deepEqual(await found, { gadget });
    assert.deepEqual(context.progress.lines, [
      `waiting for ${gadget} to tell its version: the disk may be slow`,
    ]);
    assert.equal(readFileSync(goLog, 'utf8'), before);
  });

  it('is an error when it never answers, and stays where it is', async (t) => {
    const { context, goLog } = makeToolbox(t);
    const { gadget } = await ensurePrograms(['gadget'], context);
    const before = readFileSync(goLog, 'utf8');
    writeTool(gadget, '1.2.3', 'sleep 600');
    context.patience = { lateAfterMs: 1000, endsAfterMs: 50 };
    await assert.rejects(ensurePrograms(['gadget'], context), (error) => {
      assert.ok(error instanceof VerbError);
      assert.match(error.message, /gadget does not run: --version: no answer in 0\.05 s$/);
      return true;
    });
    assert.ok(existsSync(gadget));
    assert.equal(readFileSync(goLog, 'utf8'), before);
  });

  it('is built from source when the download has the wrong checksum', async (t) => {
    const { context } = makeToolbox(t);
    await serve(t, context, '1.2.3', 'f'.repeat(64));
    const { gadget } = await ensurePrograms(['gadget'], context);
    assert.match(gadget, /1\.2\.3\+/);
    assert.match(context.progress.lines.join('\n'), /SHA-256 is .*, expected f{64}/);
  });

  it('is built from source when the download is another version than it says', async (t) => {
    const { context, cache } = makeToolbox(t);
    await serve(t, context, '1.2.4');
    const { gadget } = await ensurePrograms(['gadget'], context);
    assert.match(gadget, /1\.2\.3\+/);
    assert.match(
      context.progress.lines.join('\n'),
      /gadget does not run as 1\.2\.3 here: it is version 1\.2\.4\n {2}so gadget is built/,
    );
    assert.ok(!existsSync(path.join(cache, 'gadget/1.2.3/gadget')));
    assertNothingHalfMade(cache);
  });

  it('is not built when .env and go.mod disagree about its version', async (t) => {
    const { context, tools, goLog } = makeToolbox(t);
    writeFileSync(path.join(tools, 'gadget/go.mod'), 'require example.org/gadget v1.2.30\n');
    await assert.rejects(ensurePrograms(['gadget'], context), (error) => {
      assert.ok(error instanceof VerbError);
      assert.match(error.message, /go\.mod does not require example\.org\/gadget v1\.2\.3/);
      assert.match(error.details[0]!, /GADGET_VERSION in \.env or tools\/gadget/);
      return true;
    });
    assert.ok(!existsSync(goLog));
  });

  it('gives the last words of a build that fails', async (t) => {
    const { context, cache } = makeToolbox(t, 'echo "main.go:3: undefined: x" >&2; exit 1');
    await assert.rejects(ensurePrograms(['gadget'], context), (error) => {
      assert.ok(error instanceof VerbError);
      assert.match(error.message, /^go build failed in .*tools\/gadget: exit code 1$/);
      assert.deepEqual(error.details, ['main.go:3: undefined: x']);
      return true;
    });
    assertNothingHalfMade(cache);
  });
});

type Context = Toolbox['context'];

/** A mirror with a release of both programs. */
async function serve(t: TestContext, context: Context, version: string, checksum?: string): Promise<void> {
  const data = packTools(path.join(context.toolsFolder, '..'), ['gadget-contrib', 'gizmo'], version);
  const folder = '/owner/gadget/releases/download/v1.2.3';
  const mirror = await startMirror(t, {
    [`${folder}/sums.txt`]: `${checksum ?? sha256(data)}  gadget.tar.gz\n`,
    [`${folder}/gadget.tar.gz`]: data,
  });
  context.environment.PLAYGROUND_DOWNLOAD_MIRROR = mirror.url;
}
