import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Toolset } from './toolsets.ts';

/** Where tools are kept for every playground of this user. */
export function cacheRoot({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): string {
  // The XDG specification: relative paths are invalid and to be ignored.
  const base = XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : undefined;
  return path.join(base ?? path.join(HOME || homedir(), '.cache'), 'ilp-playground');
}

/** `VERSION` holds the official release, `VERSION+RECIPE` what was built by that very recipe. */
export interface CacheFolders {
  release: string;
  built: string;
}

export async function cacheFolders(
  root: string,
  toolset: Toolset,
  moduleFolder: string,
): Promise<CacheFolders> {
  const release = path.join(root, toolset.name, toolset.version);
  return { release, built: `${release}+${await recipe(toolset, moduleFolder)}` };
}

/** Changes with everything that a build is made from, so that a changed recipe is built anew. */
async function recipe({ buildFlags }: Toolset, moduleFolder: string): Promise<string> {
  const hash = createHash('sha256').update(buildFlags.join('\0'));
  const files = existsSync(moduleFolder) ? await readdir(moduleFolder) : [];
  for (const file of files.filter((name) => /\.(go|mod|sum)$/.test(name)).sort()) {
    hash.update(`\0${file}\0`).update(await readFile(path.join(moduleFolder, file)));
  }
  return hash.digest('hex').slice(0, 8);
}
