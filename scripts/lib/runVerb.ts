import { execFile } from 'node:child_process';
import path from 'node:path';

/** Which playground a verb is to work with. */
export interface Place {
  /** The repository, or a copy of it. */
  root: string;
  home: string;
  portOffset: number;
  /** Settings that differ from those of .env. */
  settings?: Record<string, string>;
}

/** How a verb ended. `report` is its JSON document, if it gave one. */
export interface VerbRun<Report> {
  exitCode: number;
  stdout: string;
  stderr: string;
  report: Report;
}

/** The environment that leads a verb to its place. */
export function placeEnvironment({ home, portOffset, settings }: Place): NodeJS.ProcessEnv {
  return { ...process.env, ...settings, PLAYGROUND_HOME: home, PLAYGROUND_PORT_OFFSET: String(portOffset) };
}

/**
 * Runs a verb with `--json` in a process of its own; a non-zero exit code is an answer, not an error.
 * @param program the launcher, as users type it; without it the verb's file, which is sooner there
 */
export function runVerb<Report>(
  place: Place,
  name: string,
  words: readonly string[] = [],
  { program = 'file', signal }: { program?: 'launcher' | 'file'; signal?: AbortSignal } = {},
): Promise<VerbRun<Report>> {
  const { root } = place;
  const [file, ...first] =
    program === 'launcher'
      ? [path.join(root, 'playground'), name]
      : [process.execPath, path.join(root, 'scripts', `${name}.ts`)];
  const options = { cwd: root, env: placeEnvironment(place), maxBuffer: MAX_OUTPUT_BYTES, signal };
  return new Promise((resolve, reject) => {
    execFile(file, [...first, ...words, '--json'], options, (error, stdout, stderr) => {
      if (signal?.aborted) return reject(signal.reason);
      const exitCode = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ exitCode, stdout, stderr, report: parse(stdout) as Report });
    });
  });
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

function parse(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}
