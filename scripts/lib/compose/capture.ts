import { spawn } from 'node:child_process';

export interface Captured {
  /** 127 when the program could not be started, 124 when it was ended for taking too long. */
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface CaptureOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Sees every line of stderr as it comes, which is where docker tells how it goes. */
  onLine?: ((line: string) => void) | undefined;
  /** The same of stdout. */
  onOutput?: ((line: string) => void) | undefined;
}

const MAX_OUTPUT_CHARS = 16 * 1024 * 1024;
const KILL_AFTER_MS = 10_000;

/**
 * Runs a program and keeps its two outputs apart. On abort or timeout it is asked to end, which lets compose stop
 * in order, and made to end some seconds later.
 * @throws only the reason of `signal`
 */
export async function capture(
  [program, ...words]: readonly string[],
  { cwd, env, signal, timeoutMs, onLine, onOutput }: CaptureOptions = {},
): Promise<Captured> {
  signal?.throwIfAborted();
  const child = spawn(program!, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const output = splitter(onOutput);
  const messages = splitter(onLine);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-MAX_OUTPUT_CHARS);
    output(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_OUTPUT_CHARS);
    messages(text);
  });
  let timedOut = false;
  let insist: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill('SIGTERM');
    insist = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        stderr += `${program}: ${error.message}`;
        resolve(127);
      });
      child.once('close', (code) => resolve(code ?? 1));
    });
    signal?.throwIfAborted();
    return { exitCode: timedOut ? 124 : exitCode, stdout, stderr };
  } finally {
    clearTimeout(timer);
    clearTimeout(insist);
    signal?.removeEventListener('abort', end);
  }
}

/** Gives whole lines on, however the pieces are cut. */
function splitter(onLine: ((line: string) => void) | undefined): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  };
}
