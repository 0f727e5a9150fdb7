import { existsSync } from 'node:fs';
import path from 'node:path';
import { VerbError } from '../errors.ts';
import { probe } from './probe.ts';
import { type Program, type Toolset, versionName } from './toolsets.ts';

export interface Search {
  /** PLAYGROUND_TOOLS: a folder of programs that somebody chose; undefined when they did not. */
  chosenFolder: string | undefined;
  /** The folders of PATH. */
  pathFolders: readonly string[];
  /** Folders of the cache, see cacheFolders(). */
  cacheFolders: readonly string[];
  signal: AbortSignal;
  note: (line: string) => void;
}

/** Where a program is already, or undefined: chosen folder, PATH at the pinned version, cache, in this order. */
export async function findProgram(
  toolset: Toolset,
  program: Program,
  search: Search,
): Promise<string | undefined> {
  return (
    (await findChosen(toolset, program, search)) ??
    (await findOnPath(toolset, program, search)) ??
    (await findInCache(toolset, program, search))
  );
}

/** Whoever chooses a program by hand gets it, at any version, or hears why not. */
async function findChosen(
  toolset: Toolset,
  { name, officialName }: Program,
  { chosenFolder, signal, note }: Search,
): Promise<string | undefined> {
  if (chosenFolder === undefined) return undefined;
  const file = [name, officialName].map((word) => path.resolve(chosenFolder, word)).find(existsSync);
  if (file === undefined) return undefined;
  const result = await probe(file, signal);
  if ('broken' in result) throw new VerbError(`${file} (by PLAYGROUND_TOOLS) does not run: ${result.broken}`);
  if (result.version !== toolset.version) {
    note(
      `${name} ${result.version} by PLAYGROUND_TOOLS; .env pins ${versionName(toolset.name)}=${toolset.version}`,
    );
  }
  return file;
}

async function findOnPath(
  { version }: Toolset,
  { officialName }: Program,
  { pathFolders, signal }: Search,
): Promise<string | undefined> {
  for (const folder of pathFolders) {
    const file = path.resolve(folder, officialName);
    if (existsSync(file) && (await isUsable(file, version, signal))) return file;
  }
  return undefined;
}

async function findInCache(
  { version }: Toolset,
  { name }: Program,
  { cacheFolders, signal, note }: Search,
): Promise<string | undefined> {
  for (const folder of cacheFolders) {
    const file = path.join(folder, name);
    if (!existsSync(file)) continue;
    if (await isUsable(file, version, signal)) return file;
    note(`${file} is damaged: getting it again`);
  }
  return undefined;
}

/** It runs, and it is the version that it should be. */
export async function isUsable(file: string, version: string, signal: AbortSignal): Promise<boolean> {
  const result = await probe(file, signal);
  return 'version' in result && result.version === version;
}
