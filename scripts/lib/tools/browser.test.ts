import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { VerbError } from '../errors.ts';
import { findOrInstallBrowser } from './browser.ts';
import { temporaryFolder, writeProgram } from './testing/folders.ts';
import { recordedProgress } from './testing/progress.ts';

const BROWSER = 'echo Chromium 142.0.7444.59 built on Debian';

describe('the browser', () => {
  it('is the one that PLAYGROUND_CHROMIUM names, or an error', async (t) => {
    const { bin, context } = surroundings(t);
    context.environment.PLAYGROUND_CHROMIUM = writeProgram(path.join(bin, 'mine'), BROWSER);
    assert.equal(await findOrInstallBrowser(context), path.join(bin, 'mine'));
    writeProgram(path.join(bin, 'mine'), 'echo cannot open display >&2; exit 1');
    await assert.rejects(
      findOrInstallBrowser(context),
      /PLAYGROUND_CHROMIUM=.*does not run: cannot open display/,
    );
  });

  it('else is Playwright’s own, else one on PATH that works', async (t) => {
    const { bin, context } = surroundings(t);
    writeProgram(path.join(bin, 'chromium-browser'), 'echo install the snap >&2; exit 1');
    const chrome = writeProgram(path.join(bin, 'google-chrome'), 'echo Google Chrome 142.0.7444.59');
    assert.equal(await findOrInstallBrowser(context), chrome);
    writeProgram(context.playwrightBrowser, BROWSER);
    assert.equal(await findOrInstallBrowser(context), context.playwrightBrowser);
  });

  it('else is installed with apt-get, even if the package lists cannot be renewed', async (t) => {
    const { bin, context } = surroundings(t);
    const log = path.join(bin, 'apt.log');
    const apt = `echo "$*" >>${log}
      case $1 in
      update) exit 100 ;;
      install) printf '#!/bin/sh\\n${BROWSER}\\n' >${bin}/chromium; chmod +x ${bin}/chromium ;;
      esac`;
    writeProgram(path.join(bin, 'apt-get'), apt);
    assert.equal(await findOrInstallBrowser(context), path.join(bin, 'chromium'));
    assert.match(readFileSync(log, 'utf8'), /^update\ninstall --yes --no-install-recommends chromium$/m);
    assert.match(context.progress.lines.join('\n'), /^installing chromium with apt-get …\n✓ installing/);
  });

  it('else is an error that says what to do: not root, no apt-get, or apt-get fails', async (t) => {
    const { bin, context } = surroundings(t);
    await assert.rejects(findOrInstallBrowser(context), saysWhatToDo(/there is none/));
    writeProgram(
      path.join(bin, 'apt-get'),
      '[ "$1" = --version ] && exit; echo E: no space left >&2; exit 100',
    );
    await assert.rejects(findOrInstallBrowser({ ...context, isRoot: false }), saysWhatToDo(/there is none/));
    await assert.rejects(findOrInstallBrowser(context), saysWhatToDo(/^apt-get: exit code 100$/));
  });
});

function surroundings(t: TestContext) {
  const bin = temporaryFolder(t);
  for (const name of ['echo', 'chmod']) writeProgram(path.join(bin, name), `exec /bin/${name} "$@"`);
  const context = {
    environment: { PATH: bin } as NodeJS.ProcessEnv,
    playwrightBrowser: path.join(bin, 'playwright/chrome'),
    isRoot: true,
    progress: recordedProgress(),
    signal: new AbortController().signal,
  };
  return { bin, context };
}

function saysWhatToDo(message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof VerbError);
    assert.match(error.message, message);
    assert.match(error.details.join('\n'), /npx playwright install chromium/);
    return true;
  };
}
