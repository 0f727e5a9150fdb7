import { existsSync } from 'node:fs';
import path from 'node:path';
import { VerbError } from '../errors.ts';
import { type Patience, type Probe, probe, troubleWith } from './probe.ts';
import { type Program, type Toolset, versionName } from './toolsets.ts';

export interface Search {
  /** PLAYGROUND_TOOLS: a folder of programs that somebody chose; undefined when they did not. */
  chosenFolder: string | undefined;
  /** The folders of PATH. */
  pathFolders: readonly string[];
  /** Folders of the cache, see cacheFolders(). */
  cacheFolders: readonly string[];
  signal: AbortSignal;
  /** With programs that are slow to answer; tests have less. */
  patience?: Patience | undefined;
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
  search: Search,
): Promise<string | undefined> {
  const { chosenFolder, note } = search;
  if (chosenFolder === undefined) return undefined;
  const file = [name, officialName].map((word) => path.resolve(chosenFolder, word)).find(existsSync);
  if (file === undefined) return undefined;
  const result = await ask(file, search);
  const version = 'version' in result ? result.version : undefined;
  const trouble = troubleWith(result, toolset.version);
  if (version === undefined) throw new VerbError(`${file} (by PLAYGROUND_TOOLS) does not run: ${trouble}`);
  if (trouble !== undefined) {
    note(`${name} ${version} by PLAYGROUND_TOOLS; .env pins ${versionName(toolset.name)}=${toolset.version}`);
  }
  return file;
}

async function findOnPath(
  { version }: Toolset,
  { officialName }: Program,
  search: Search,
): Promise<string | undefined> {
  for (const folder of search.pathFolders) {
    const file = path.resolve(folder, officialName);
    if (existsSync(file) && troubleWith(await ask(file, search), version) === undefined) return file;
  }
  return undefined;
}

/** What is in the cache has run once: silence is no damage, and to get it again would only ask more of a slow machine. */
async function findInCache(
  { version }: Toolset,
  { name }: Program,
  search: Search,
): Promise<string | undefined> {
  for (const folder of search.cacheFolders) {
    const file = path.join(folder, name);
    if (!existsSync(file)) continue;
    const result = await ask(file, search);
    const trouble = troubleWith(result, version);
    if (trouble === undefined) return file;
    if ('silentMs' in result) {
      throw new VerbError(`${file} does not run: ${trouble}`, [
        'try again when the machine has less to do; or delete the file, and it is got again',
      ]);
    }
    search.note(`${file} is damaged (${trouble}): getting it again`);
  }
  return undefined;
}

function ask(file: string, { signal, patience, note }: Search): Promise<Probe> {
  const onLate = () => note(`waiting for ${file} to tell its version: the disk may be slow`);
  return probe(file, { signal, ...(patience && { patience }), onLate });
}
