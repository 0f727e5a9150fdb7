import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VerbError } from './errors.ts';
import { ROOT } from './settings.ts';
import { createProgress, type Progress } from './tools/progress.ts';
import { type Finished, run } from './tools/run.ts';
import { withToolLock } from './tools/toolLock.ts';

const VIEWER = path.join(ROOT, 'apps/viewer');
const DIST = path.join(VIEWER, 'dist');
const NODE_MODULES = path.join(VIEWER, 'node_modules');
/** Written into node_modules when npm is done, so that a killed install is not taken for a whole one. */
const INSTALLED = path.join(NODE_MODULES, '.playground-installed');

/** What the bundle is made of. The server's own files are not: it runs from source. */
const SOURCES = [
  'build',
  'build.ts',
  'client',
  'index.html',
  'package-lock.json',
  'package.json',
  'public',
  'vite.config.ts',
];

/**
 * Installs the viewer's packages and builds its bundle into apps/viewer/dist, if its sources or its lock file
 * changed since. Safe to interrupt and to run twice at once.
 * @throws VerbError with the last lines of npm or Vite when one of them fails; the reason of `signal` when it aborts
 */
export async function ensureViewerBuilt({
  say,
  signal,
}: {
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<void> {
  const sourceHash = await hashOf(SOURCES);
  if (await isReady(sourceHash)) return;
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  const progress = createProgress({ say, terminal });
  const lock = path.join(ROOT, 'node_modules/.cache/viewer.lock');
  await withToolLock(lock, 'the dashboard viewer', { progress, signal }, async () => {
    // Whoever had the lock before us may have done it all.
    if (await isReady(sourceHash)) return;
    await ensureInstalled(progress, signal);
    await build(sourceHash, progress, signal);
  });
}

/** Both the bundle and, as its types are checked with them, the packages. */
async function isReady(sourceHash: string): Promise<boolean> {
  return (await builtHash()) === sourceHash && (await isInstalled());
}

async function isInstalled(): Promise<boolean> {
  const installed = await readFile(INSTALLED, 'utf8').catch(() => undefined);
  return installed === (await hashOf(['package-lock.json']));
}

async function ensureInstalled(progress: Progress, signal: AbortSignal): Promise<void> {
  if (await isInstalled()) return;
  // npm would empty the folder that a link leads to, which belongs to somebody else.
  if ((await lstat(NODE_MODULES).catch(() => undefined))?.isSymbolicLink()) await unlink(NODE_MODULES);
  const total = await countPackages();
  const finished = await progress.step('installing the dashboard viewer’s packages', (step) => {
    let done = 0;
    return run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'], {
      cwd: VIEWER,
      // npm would take a NODE_ENV of production as a wish for no build tools.
      env: { ...process.env, NODE_ENV: 'development' },
      signal,
      onLine: (line) => {
        if (/http (fetch|cache) .*\.tgz/.test(line)) step.update({ done: ++done, total, unit: 'packages' });
      },
    });
  });
  failUnlessOk('npm ci in apps/viewer', finished);
  await writeFile(INSTALLED, await hashOf(['package-lock.json']));
}

async function build(sourceHash: string, progress: Progress, signal: AbortSignal): Promise<void> {
  const temporary = path.join(VIEWER, `dist.${process.pid}.tmp`);
  const retired = path.join(VIEWER, `dist.${process.pid}.old.tmp`);
  try {
    const finished = await progress.step('building the dashboard viewer', () =>
      run(process.execPath, [path.join(VIEWER, 'build.ts'), temporary, sourceHash], {
        cwd: VIEWER,
        env: { ...process.env, NODE_ENV: 'production' },
        signal,
      }),
    );
    failUnlessOk('the build of apps/viewer', finished);
    await rename(DIST, retired).catch(ignoreMissing);
    await rename(temporary, DIST);
  } finally {
    await Promise.all([temporary, retired].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

function failUnlessOk(what: string, { ok, outcome, lines }: Finished): void {
  if (ok) return;
  const said = lines.filter((line) => !/npm (http|warn)/.test(line)).slice(-15);
  throw new VerbError([`${what} failed (${outcome})`, ...said].join('\n'));
}

async function builtHash(): Promise<string | undefined> {
  const text = await readFile(path.join(DIST, 'build.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { sourceHash: string }).sourceHash;
}

/** Names and contents of the files, and of those in the folders, below apps/viewer. */
async function hashOf(names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await Promise.all(names.map(filesOf))).flat().sort()) {
    hash.update(`${file}\0`).update(await readFile(path.join(VIEWER, file)));
  }
  return hash.digest('hex');
}

async function filesOf(name: string): Promise<string[]> {
  const entries = await readdir(path.join(VIEWER, name), { recursive: true, withFileTypes: true }).catch(
    () => undefined,
  );
  if (!entries) return [name];
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(VIEWER, path.join(entry.parentPath, entry.name)));
}

async function countPackages(): Promise<number> {
  const lock = JSON.parse(await readFile(path.join(VIEWER, 'package-lock.json'), 'utf8'));
  const packages = Object.values((lock as { packages: Record<string, { optional?: boolean }> }).packages);
  return packages.filter(({ optional }) => !optional).length - 1;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
