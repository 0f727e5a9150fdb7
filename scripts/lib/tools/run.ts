import { type ChildProcess, spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Ends it, and counts as a failure. */
  timeoutMs?: number;
  /** Sees every line as it comes. */
  onLine?: (line: string) => void;
}

/** How a program ended: `ok` means exit code 0. */
export interface Finished {
  ok: boolean;
  /** It was ended because its time was up. */
  timedOut: boolean;
  /** For people: `exit code 1`, `SIGSEGV`, `not found`. */
  outcome: string;
  /** The last lines of its stdout and stderr together. */
  lines: string[];
}

const KEPT_LINES = 200;
const KILL_AFTER_MS = 3000;

/**
 * Runs a program to its end. It gets a process group of its own, which ends as a whole when `signal` aborts or the
 * time is up: a compiler must not go on under a build that nobody wants any more.
 * @throws only the reason of `signal`
 */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, env, signal, timeoutMs, onLine }: RunOptions = {},
): Promise<Finished> {
  signal?.throwIfAborted();
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine?.(line);
  };
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const outputs = [readLines(child.stdout, keep), readLines(child.stderr, keep)];
  let timedOut = false;
  const giveUp = () => {
    timedOut = true;
    endGroup(child);
  };
  const timer = timeoutMs && setTimeout(giveUp, timeoutMs);
  const abort = () => endGroup(child);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const outcome = await new Promise<string>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ENOENT' ? 'not found' : error.message),
      );
      child.once('close', (code, signalName) => resolve(signalName ?? `exit code ${code}`));
    });
    await Promise.all(outputs);
    signal?.throwIfAborted();
    const ok = outcome === 'exit code 0' && !timedOut;
    return { ok, timedOut, outcome: timedOut ? `no end after ${timeoutMs! / 1000} s` : outcome, lines };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function endGroup(child: ChildProcess): void {
  const kill = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended already.
    }
  };
  kill('SIGTERM');
  setTimeout(() => kill('SIGKILL'), KILL_AFTER_MS).unref();
}

async function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) onLine(line);
  }
  if (rest) onLine(rest);
}
