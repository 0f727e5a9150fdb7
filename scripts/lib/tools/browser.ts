import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { VerbError } from '../errors.ts';
import { createProgress, type Progress } from './progress.ts';
import { run } from './run.ts';

const ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ON_MACOS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A Chromium for the browser tests; on Debian, and as root, it is installed when there is none. */
export function ensureBrowser({
  say,
  signal,
}: {
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<string> {
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  return findOrInstallBrowser({
    environment: process.env,
    playwrightBrowser: chromium.executablePath(),
    isRoot: process.getuid?.() === 0,
    progress: createProgress({ say, terminal }),
    signal,
  });
}

export interface BrowserContext {
  environment: NodeJS.ProcessEnv;
  /** Where Playwright keeps the browser that it downloads, if it has. */
  playwrightBrowser: string;
  isRoot: boolean;
  progress: Progress;
  signal: AbortSignal;
}

/** The order: PLAYGROUND_CHROMIUM, Playwright's own, PATH, the system's package. */
export async function findOrInstallBrowser(context: BrowserContext): Promise<string> {
  const { environment, isRoot, progress, signal } = context;
  const chosen = environment.PLAYGROUND_CHROMIUM;
  if (chosen) {
    const outcome = await tryBrowser(chosen, signal);
    if (outcome === undefined) return chosen;
    throw new VerbError(`PLAYGROUND_CHROMIUM=${chosen} does not run: ${outcome}`);
  }
  const found = await findBrowser(context);
  if (found !== undefined) return found;
  if (!isRoot || !(await run('apt-get', ['--version'], { env: environment, signal })).ok) {
    throw new VerbError('the browser tests need Chromium, and there is none', HOW_TO_GET_IT);
  }
  await progress.step('installing chromium with apt-get', async (step) => {
    let done = 0;
    const onLine = () => step.update({ done: ++done, unit: 'lines of output' });
    const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
    // Package lists may be absent or old; when they cannot be renewed the old ones may do.
    await run('apt-get', ['update'], { env, signal, onLine });
    const install = ['install', '--yes', '--no-install-recommends', 'chromium'];
    const { ok, outcome, lines } = await run('apt-get', install, { env, signal, onLine });
    if (!ok) throw new VerbError(`apt-get: ${outcome}`, [...lines.slice(-5), ...HOW_TO_GET_IT]);
  });
  const installed = await findBrowser(context);
  if (installed === undefined) throw new VerbError('the installed chromium does not run', HOW_TO_GET_IT);
  return installed;
}

const HOW_TO_GET_IT = [
  'npx playwright install chromium gets one for Playwright alone,',
  'apt-get install chromium (as root) or Google Chrome do as well; PLAYGROUND_CHROMIUM=/path names any other',
];

async function findBrowser({
  environment,
  playwrightBrowser,
  signal,
}: BrowserContext): Promise<string | undefined> {
  const folders = (environment.PATH ?? '').split(path.delimiter).filter(path.isAbsolute);
  const onPath = ON_PATH.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const onMac = process.platform === 'darwin' ? ON_MACOS : [];
  for (const file of [playwrightBrowser, ...onPath, ...onMac]) {
    if (existsSync(file) && (await tryBrowser(file, signal)) === undefined) return file;
  }
  return undefined;
}

/** Why it cannot be used, or undefined when it can: Ubuntu's `chromium-browser` may be a stub that only complains. */
async function tryBrowser(file: string, signal: AbortSignal): Promise<string | undefined> {
  const { ok, outcome, lines } = await run(file, ['--version'], { signal, timeoutMs: 20_000 });
  return ok && /\d+\.\d+\.\d+/.test(lines.join(' ')) ? undefined : (lines.at(-1) ?? outcome);
}
