import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { VerbError } from '../errors.ts';
import { buildPrograms } from './build.ts';
import type { CacheFolders } from './cache.ts';
import { type DownloadLimits, downloadRelease, parseChecksums } from './download.ts';
import { isUsable } from './find.ts';
import type { Progress } from './progress.ts';
import type { Platform, Program, Toolset } from './toolsets.ts';

export interface InstallContext {
  /** `tools/` of the repository. */
  toolsFolder: string;
  environment: NodeJS.ProcessEnv;
  progress: Progress;
  signal: AbortSignal;
  /** The Go to build with; asked for only when something has to be built. */
  go: () => Promise<string>;
  downloadLimits?: DownloadLimits;
}

/**
 * Brings programs into the cache, by download, else by build. Files appear there under their names only when they
 * are whole and have run, so that whoever is killed in between leaves nothing half-made. To be called under the lock.
 * @returns the programs by name
 */
export async function install(
  toolset: Toolset,
  programs: readonly Program[],
  { release, built }: CacheFolders,
  context: InstallContext,
): Promise<Map<string, string>> {
  const work = await makeWorkFolder(release);
  try {
    const downloaded = await download(toolset, work, context);
    if (downloaded) return await place(toolset, programs, downloaded, release, context);
    const builtFiles = await buildPrograms(toolset, programs, {
      ...context,
      go: await context.go(),
      moduleFolder: path.join(context.toolsFolder, toolset.name),
      folder: work,
    });
    return await place(toolset, programs, builtFiles, built, context);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The unpacked programs, or undefined, with a note why, when the release cannot be had. */
async function download(
  { name, version, programs, release }: Toolset,
  work: string,
  { toolsFolder, environment, progress, signal, downloadLimits }: InstallContext,
): Promise<Map<string, string> | undefined> {
  try {
    const knownChecksums = await readKnownChecksums(path.join(toolsFolder, 'SHA256SUMS'));
    const files = await progress.step(`downloading ${name} ${version}`, (step) =>
      downloadRelease(release, {
        mirror: environment.PLAYGROUND_DOWNLOAD_MIRROR,
        knownChecksums,
        platform: platformOf(process),
        folder: work,
        step,
        signal,
        ...(downloadLimits && { limits: downloadLimits }),
      }),
    );
    return new Map(
      programs.map((program) => {
        const file = files.get(program.officialName);
        if (file === undefined) throw new Error(`the archive does not hold ${program.officialName}`);
        return [program.name, file];
      }),
    );
  } catch {
    // The step has told why.
    signal.throwIfAborted();
    progress.note(`  so ${name} is built from source`);
    return undefined;
  }
}

/** Moves files to their final names, after each has shown that it runs here and is the right version. */
async function place(
  { version }: Toolset,
  programs: readonly Program[],
  files: ReadonlyMap<string, string>,
  folder: string,
  { signal }: InstallContext,
): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true });
  const placed = new Map<string, string>();
  for (const [name, file] of files) {
    await chmod(file, 0o755);
    if (!(await isUsable(file, version, signal)))
      throw new VerbError(`${name} does not run as ${version} here`);
    await rename(file, path.join(folder, name));
    placed.set(name, path.join(folder, name));
  }
  return new Map(programs.map(({ name }) => [name, placed.get(name)!]));
}

/** A folder beside the final one, so that a rename is enough; those of killed processes are cleared away. */
async function makeWorkFolder(release: string): Promise<string> {
  const parent = path.dirname(release);
  const prefix = `${path.basename(release)}.tmp-`;
  await mkdir(parent, { recursive: true });
  const left = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  await Promise.all(left.map((name) => rm(path.join(parent, name), { recursive: true, force: true })));
  return mkdtemp(path.join(parent, prefix));
}

async function readKnownChecksums(file: string): Promise<Map<string, string>> {
  return existsSync(file) ? parseChecksums(await readFile(file, 'utf8')) : new Map();
}

function platformOf({ platform, arch }: { platform: string; arch: string }): Platform {
  return { os: platform, arch: arch === 'x64' ? 'amd64' : arch };
}
