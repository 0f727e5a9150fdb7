import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { VerbError } from '../errors.ts';
import { buildPrograms } from './build.ts';
import type { CacheFolders } from './cache.ts';
import { type DownloadLimits, downloadRelease, parseChecksums } from './download.ts';
import { probe, troubleWith } from './probe.ts';
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
 * @returns the files by the names of the programs; more than were asked for when more came along
 */
export async function install(
  toolset: Toolset,
  programs: readonly Program[],
  { release, built }: CacheFolders,
  context: InstallContext,
): Promise<Map<string, string>> {
  const work = await makeWorkFolder(release);
  try {
    const downloaded = await tryDownload(toolset, work, release, context);
    if (downloaded) return downloaded;
    const builtFiles = await buildPrograms(toolset, programs, {
      ...context,
      go: await context.go(),
      moduleFolder: path.join(context.toolsFolder, toolset.name),
      folder: work,
    });
    return await place(toolset, builtFiles, built, context);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** All programs of the release, in the cache; undefined, after a line that says why, when it cannot be had. */
async function tryDownload(
  toolset: Toolset,
  work: string,
  folder: string,
  context: InstallContext,
): Promise<Map<string, string> | undefined> {
  const { toolsFolder, environment, progress, signal, downloadLimits } = context;
  const knownChecksums = await readKnownChecksums(path.join(toolsFolder, 'SHA256SUMS'));
  const options = {
    mirror: environment.PLAYGROUND_DOWNLOAD_MIRROR,
    knownChecksums,
    platform: platformOf(process),
    folder: work,
    signal,
    ...(downloadLimits && { limits: downloadLimits }),
  };
  try {
    return await progress.step(`downloading ${toolset.name} ${toolset.version}`, async (step) => {
      const unpacked = await downloadRelease(toolset.release, { ...options, step });
      const files = toolset.programs.map(({ name, officialName }): [string, string] => {
        const file = unpacked.get(officialName);
        if (file === undefined) throw new Error(`the archive does not hold ${officialName}`);
        return [name, file];
      });
      return place(toolset, new Map(files), folder, context);
    });
  } catch {
    signal.throwIfAborted();
    progress.note(`  so ${toolset.name} is built from source`);
    return undefined;
  }
}

/** Moves files to their final names, after each has shown that it runs here and is the right version. */
async function place(
  { version }: Toolset,
  files: ReadonlyMap<string, string>,
  folder: string,
  { signal }: InstallContext,
): Promise<Map<string, string>> {
  for (const [name, file] of files) {
    await chmod(file, 0o755);
    const trouble = troubleWith(await probe(file, { signal }), version);
    if (trouble !== undefined) throw new VerbError(`${name} does not run as ${version} here: ${trouble}`);
  }
  await mkdir(folder, { recursive: true });
  const placed = new Map<string, string>();
  for (const [name, file] of files) {
    placed.set(name, path.join(folder, name));
    await rename(file, path.join(folder, name));
  }
  return placed;
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
