import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { VerbError } from '../errors.ts';
import type { Progress } from './progress.ts';
import { type Finished, run } from './run.ts';
import { type Program, type Toolset, versionName } from './toolsets.ts';

export interface BuildOptions {
  go: string;
  /** `tools/NAME`: go.mod, go.sum and, for the collector, its generated sources. */
  moduleFolder: string;
  /** An empty folder to work in. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Builds programs from the Go module proxy; go.sum fixes every byte of the sources.
 * @returns the built files by the names of the programs
 */
export async function buildPrograms(
  toolset: Toolset,
  programs: readonly Program[],
  options: BuildOptions,
): Promise<Map<string, string>> {
  await requirePinnedVersion(toolset, options.moduleFolder);
  const title = `${programs.map(({ name }) => name).join(' and ')} ${toolset.version}`;
  const output = path.join(options.folder, 'built');
  await mkdir(output);
  const flags = toolset.buildFlags;
  const packages = programs.map(({ goPackage }) => goPackage);

  const total = await options.progress.step(`getting the sources of ${title}`, async (step) => {
    let modules = 0;
    let needed = 0;
    await runGo(['list', '-deps', ...flags, ...packages], options, (line) => {
      if (line.startsWith('go: downloading ')) step.update({ done: ++modules, unit: 'modules' });
      if (isPackage(line)) needed++;
    });
    return needed;
  });
  await options.progress.step(`building ${title}`, async (step) => {
    let built = 0;
    const words = ['build', '-v', ...flags, `-o=${output}/`, ...packages];
    await runGo(words, options, (line) => {
      if (isPackage(line)) step.update({ done: ++built, total, unit: 'packages' });
    });
  });
  return new Map(
    programs.map(({ name, goPackage }) => {
      // Go names what it writes after the package's folder, or after the module when that is the package.
      const written = goPackage === '.' ? name : path.posix.basename(goPackage);
      return [name, path.join(output, written)];
    }),
  );
}

/** The version in `.env` and the one in go.mod are two records of one thing. */
async function requirePinnedVersion({ name, version, module }: Toolset, moduleFolder: string): Promise<void> {
  const file = path.join(moduleFolder, 'go.mod');
  const required = (await readFile(file, 'utf8'))
    .split('\n')
    .map((line) => line.replace(/\/\/.*/, '').trim());
  if (required.includes(module)) return;
  throw new VerbError(`cannot build ${name} ${version}: ${file} does not require ${module}`, [
    `either ${versionName(name)} in .env or tools/${name} has to follow the other`,
  ]);
}

async function runGo(
  words: readonly string[],
  { go, moduleFolder, environment, signal }: BuildOptions,
  onLine: (line: string) => void,
): Promise<void> {
  // Static files that containers can use as well, and nothing of the user's own Go settings that changes them.
  const env = { ...environment, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'local' };
  const { ok, outcome, lines }: Finished = await run(go, words, { cwd: moduleFolder, env, signal, onLine });
  if (ok) return;
  const complaints = lines.filter((line) => !isPackage(line) && !line.startsWith('go: downloading '));
  throw new VerbError(`go ${words[0]} failed in ${moduleFolder}: ${outcome}`, complaints.slice(-10));
}

/** `go list` and `go build -v` print the path of a package on a line of its own. */
function isPackage(line: string): boolean {
  return /^[\w.~/-]+$/.test(line);
}
