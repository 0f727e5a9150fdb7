import path from 'node:path';
import { readEnv } from '../env.ts';
import { type CacheFolders, cacheFolders, cacheRoot } from './cache.ts';
import { findProgram, type Search } from './find.ts';
import { ensureGo } from './go.ts';
import { type InstallContext, install } from './install.ts';
import type { Patience } from './probe.ts';
import { createProgress } from './progress.ts';
import { withToolLock } from './toolLock.ts';
import { type ToolName, type Toolset, toolsetsOf } from './toolsets.ts';

/**
 * The files of the named tools, at the versions of `.env`. What is not there yet is downloaded or built, all side by
 * side, with progress on `say`.
 * @throws VerbError when a tool cannot be had; the reason of `signal` when that aborts
 */
export function ensureTools<N extends ToolName>(
  names: readonly N[],
  { say, signal }: Said,
): Promise<Record<N, string>> {
  return ensurePrograms(names, ourContext({ say, signal }));
}

/**
 * The file of a tool that is on this machine already; nothing is downloaded or built.
 * @throws VerbError when the one that somebody chose cannot be used
 */
export async function findTool(name: ToolName, given: Said): Promise<string | undefined> {
  const context = ourContext(given);
  const toolset = context.toolsets.find(({ programs }) => programs.some((program) => program.name === name))!;
  const folders = await foldersOf(toolset, context);
  const program = toolset.programs.find((one) => one.name === name)!;
  return findProgram(toolset, program, searchOf(folders, context));
}

interface Said {
  say: (line: string) => void;
  signal: AbortSignal;
}

/** The tools of this repository, for the environment of this process. */
function ourContext({ say, signal }: Said): ToolContext {
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  return {
    toolsets: toolsetsOf(readEnv().versions),
    toolsFolder: path.resolve(import.meta.dirname, '../../../tools'),
    environment: process.env,
    progress: createProgress({ say, terminal }),
    signal,
  };
}

function foldersOf(
  toolset: Toolset,
  { environment, toolsFolder }: Pick<ToolContext, 'environment' | 'toolsFolder'>,
): Promise<CacheFolders> {
  return cacheFolders(cacheRoot(environment), toolset, path.join(toolsFolder, toolset.name));
}

export interface ToolContext extends Omit<InstallContext, 'go'> {
  toolsets: readonly Toolset[];
  patience?: Patience;
}

/** As ensureTools, for any tools and surroundings. */
export async function ensurePrograms<N extends string>(
  names: readonly N[],
  context: ToolContext,
): Promise<Record<N, string>> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  let go: Promise<string> | undefined;
  const root = cacheRoot(context.environment);
  const requirementsFile = path.join(context.toolsFolder, 'go/requirements.txt');
  const installContext: InstallContext = {
    ...context,
    signal,
    go: () => (go ??= ensureGo({ ...context, signal, requirementsFile, cache: root })),
  };
  const work = context.toolsets.map((toolset) =>
    ensureToolset(toolset, names, installContext).catch((error) => {
      // The others would only finish what nobody waits for.
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(work);
  signal.throwIfAborted();
  const files = (await Promise.all(work)).flatMap((found) => [...found]);
  return Object.fromEntries(files) as Record<N, string>;
}

async function ensureToolset(
  toolset: Toolset,
  names: readonly string[],
  context: InstallContext,
): Promise<Map<string, string>> {
  const wanted = toolset.programs.filter(({ name }) => names.includes(name));
  if (wanted.length === 0) return new Map();
  const folders = await foldersOf(toolset, context);
  const search = searchOf(folders, context);
  const found = new Map<string, string>();
  const look = async () => {
    const missing = wanted.filter(({ name }) => !found.has(name));
    await Promise.all(
      missing.map(async (program) => {
        const file = await findProgram(toolset, program, search);
        if (file !== undefined) found.set(program.name, file);
      }),
    );
    return wanted.filter(({ name }) => !found.has(name));
  };
  if ((await look()).length > 0) {
    await withToolLock(`${folders.release}.lock`, `${toolset.name} ${toolset.version}`, context, async () => {
      // Whoever had the lock before may have brought it.
      const missing = await look();
      if (missing.length === 0) return;
      const installed = await install(toolset, missing, folders, context);
      for (const { name } of missing) found.set(name, installed.get(name)!);
    });
  }
  return found;
}

function searchOf(
  { release, built }: CacheFolders,
  {
    environment,
    progress,
    signal,
    patience,
  }: Pick<ToolContext, 'environment' | 'progress' | 'signal' | 'patience'>,
): Search {
  // The search is made twice, before and under the lock.
  const said = new Set<string>();
  return {
    chosenFolder: environment.PLAYGROUND_TOOLS || undefined,
    pathFolders: (environment.PATH ?? '').split(path.delimiter).filter(path.isAbsolute),
    cacheFolders: [release, built],
    signal,
    patience,
    note: (line) => {
      if (!said.has(line)) progress.note(line);
      said.add(line);
    },
  };
}
