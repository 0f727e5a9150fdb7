import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { findProcess, type ProcessIdentity, processInfo } from './processIdentity.ts';

export interface Command {
  program: string;
  args: readonly string[];
  env: Record<string, string>;
  cwd: string;
}

/** A log that has grown past this is put aside when its component starts again; one old log is kept. */
const MAX_LOG_BYTES = 5 * 1024 * 1024;

/**
 * Starts a process that outlives this one, with its output in `logFile`. It gets the environment that the
 * command names and nothing else: a NODE_OPTIONS or OTEL_… of the user's shell must not change what runs.
 */
export async function startDetached(
  command: Command,
  logFile: string,
): Promise<{ identity: ProcessIdentity; child: ChildProcess }> {
  if (existsSync(logFile) && statSync(logFile).size > MAX_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(command.program, command.args, {
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    // Gone already? Then no identity matches it, which is the truth.
    const startToken = processInfo(child.pid!)?.startToken ?? 'gone';
    return { identity: { pid: child.pid!, startToken }, child };
  } finally {
    closeSync(log);
  }
}

/** Asks it to end, insists after `graceMs`, and returns when it is gone. */
export async function stopProcess(
  identity: ProcessIdentity,
  graceMs: number,
): Promise<'ended' | 'killed' | 'absent'> {
  const found = findProcess(identity);
  if (!found) return 'absent';
  // A frozen process cannot hear SIGTERM until it is woken.
  if (found.state === 'frozen') signal(identity.pid, 'SIGCONT');
  signal(identity.pid, 'SIGTERM');
  if (await gone(identity, graceMs)) return 'ended';
  // It leads its own process group, so its children go with it.
  if (findProcess(identity)) signal(-identity.pid, 'SIGKILL');
  if (!(await gone(identity, 5000)))
    throw new Error(`process ${identity.pid} does not end, not even by SIGKILL`);
  return 'killed';
}

async function gone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (findProcess(identity)) {
    if (Date.now() >= deadline) return false;
    await delay(20);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
