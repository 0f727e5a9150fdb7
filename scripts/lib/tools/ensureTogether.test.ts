import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ensurePrograms } from './ensure.ts';
import { assertNothingHalfMade } from './testing/folders.ts';
import { GADGETS, makeToolbox, type Toolbox } from './testing/toolbox.ts';

describe('tools at the same time', () => {
  it('of several sources are built side by side', { timeout: 20_000 }, async (t) => {
    // Each build waits until the other has begun.
    const meet = (root: string) =>
      `touch "${root}/$(basename "$PWD")"; until [ -e ${root}/gadget ] && [ -e ${root}/widget ]; do sleep 0.01; done`;
    const { context, tools, cache, bin } = makeToolbox(t);
    rewriteGo(bin, meet(path.dirname(tools)));
    renameSync(path.join(tools, 'gadget'), path.join(tools, 'widget'));
    mkdirSync(path.join(tools, 'gadget'));
    writeFileSync(path.join(tools, 'gadget/go.mod'), readFileSync(path.join(tools, 'widget/go.mod')));
    const widget = {
      ...GADGETS,
      name: 'widget',
      programs: [{ name: 'widget', officialName: 'widget', goPackage: 'example.org/gadget/cmd/widget' }],
    };
    const files = await ensurePrograms(['gadget', 'widget'], { ...context, toolsets: [GADGETS, widget] });
    assert.deepEqual(Object.keys(files).sort(), ['gadget', 'widget']);
    assertNothingHalfMade(cache);
  });

  it('are brought once for two processes: the second says whom it waits for', {
    timeout: 20_000,
  }, async (t) => {
    const box = makeToolbox(t);
    const gate = path.join(box.cache, '../gate');
    rewriteGo(box.bin, `until [ -e ${gate} ]; do sleep 0.01; done`);
    const other = await startEnsuring(t, box);
    const ours = ensurePrograms(['gadget'], box.context);
    await until(t, () => box.context.progress.lines.length > 0);
    assert.deepEqual(box.context.progress.lines, [
      `waiting for process ${other.pid}, which is getting gadget 1.2.3 …`,
    ]);
    writeFileSync(gate, '');
    await Promise.all([ours, once(other, 'exit')]);
    assert.equal(readFileSync(box.goLog, 'utf8').match(/^build/gm)?.length, 1);
  });

  it('survive a kill -9 in the middle of a build', { timeout: 20_000 }, async (t) => {
    const box = makeToolbox(t);
    const gate = path.join(box.cache, '../gate');
    rewriteGo(box.bin, `until [ -e ${gate} ]; do sleep 0.01; done`);
    const other = await startEnsuring(t, box);
    other.kill('SIGKILL');
    await once(other, 'exit');
    writeFileSync(gate, '');
    const { gadget } = await ensurePrograms(['gadget'], box.context);
    assert.match(readFileSync(gadget, 'utf8'), /version 1\.2\.3/);
    assertNothingHalfMade(box.cache);
  });

  it('stop together, and leave nothing, when it is interrupted', { timeout: 20_000 }, async (t) => {
    const stop = new AbortController();
    const { context, cache, goLog } = makeToolbox(t, 'sleep 60');
    const ensuring = ensurePrograms(['gadget', 'gizmo'], { ...context, signal: stop.signal });
    await until(t, () => existsSync(goLog) && readFileSync(goLog, 'utf8').includes('build'));
    stop.abort(new Error('interrupted'));
    await assert.rejects(ensuring, /interrupted/);
    assertNothingHalfMade(cache);
  });
});

function rewriteGo(bin: string, script: string): void {
  const go = path.join(bin, 'go');
  writeFileSync(go, readFileSync(go, 'utf8').replace('\nfor word', `\n${script}\nfor word`));
}

/** Another process that brings the same tool; returned when its build has begun. */
async function startEnsuring(t: TestContext, { context, goLog }: Toolbox) {
  const module = (name: string) => JSON.stringify(import.meta.resolve(name));
  const plain = { ...context, progress: undefined, signal: undefined, toolsets: undefined };
  const script = `
    import { ensurePrograms } from ${module('./ensure.ts')};
    import { recordedProgress } from ${module('./testing/progress.ts')};
    import { GADGETS } from ${module('./testing/toolbox.ts')};
    const context = ${JSON.stringify(plain)};
    const signal = new AbortController().signal;
    await ensurePrograms(['gadget'], { ...context, toolsets: [GADGETS], progress: recordedProgress(), signal });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  t.after(() => child.kill('SIGKILL'));
  await until(t, () => existsSync(goLog) && readFileSync(goLog, 'utf8').includes('build'));
  return child;
}

/** Polls, but not for ever: a test that has run out of time ends it. */
async function until(t: TestContext, condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5, undefined, { signal: t.signal });
}
