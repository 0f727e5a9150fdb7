import { spawn } from 'node:child_process';
import { ROOT } from '../settings.ts';

/** One thing that the test command tries; a static check counts as one, a test run as its tests. */
export interface Check {
  name: string;
  run(context: CheckContext): Promise<CheckResult>;
}

export interface CheckContext {
  /** Tells how it goes, on stderr. */
  say(line: string): void;
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
}

export interface CheckResult {
  passed: number;
  failed: number;
  /** What is told in any case, such as what passed at the second try only. */
  notes?: string[];
  /** What a reader needs in order to mend it; shown only when something failed. */
  output: string;
}

export interface Finished {
  exitCode: number;
  /** stdout and stderr as they came, the last MAX_OUTPUT_CHARS of them. */
  output: string;
}

/** A failing tool may print without end; its last words tell most. */
const MAX_OUTPUT_CHARS = 200_000;
/** Longer silence looks like a hang. */
const HEARTBEAT_MS = 10_000;

/** A check that is one command: exit code 0 is a pass. */
export function commandCheck(name: string, command: readonly string[], folder = ROOT): Check {
  return {
    name,
    async run(context) {
      const { exitCode, output } = await runCommand(name, command, context, folder);
      return exitCode === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output };
    },
  };
}

/** Runs a command to its end, with its output kept and a sign of life every 10 s. */
export function runCommand(
  name: string,
  [program, ...words]: readonly string[],
  { say, signal, env }: CheckContext,
  cwd = ROOT,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS);
    };
    const startedAt = Date.now();
    const heartbeat = setInterval(
      () => say(`  … ${name}: ${Math.round((Date.now() - startedAt) / 1000)} s`),
      HEARTBEAT_MS,
    );
    const child = spawn(program!, words, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      clearInterval(heartbeat);
      if (signal.aborted) reject(signal.reason);
      else resolve({ exitCode: 127, output: `${program}: ${error.message}` });
    });
    child.on('close', (code) => {
      clearInterval(heartbeat);
      resolve({ exitCode: code ?? 1, output });
    });
  });
}
