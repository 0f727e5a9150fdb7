import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { type Health, probe } from './http.ts';
import { findProcess, type ProcessInfo } from './processIdentity.ts';
import type { RunningComponent } from './state.ts';

/** A component of run.json beside what the system says about its process. */
export interface Observed {
  component: RunningComponent;
  process: ProcessInfo | undefined;
}

export function observe(component: RunningComponent): Observed {
  return { component, process: findProcess(component) };
}

const PROBE_TIMEOUT_MS = 2000;

/** Whether a component does its work, and if not, why, in words for people. */
export async function healthOf(component: RunningComponent, url = component.healthUrl): Promise<Health> {
  const { process } = observe(component);
  if (!process) return { healthy: false, why: 'its process is gone' };
  if (process.state === 'frozen')
    return { healthy: false, why: 'its process is frozen (stopped by a signal)' };
  const health: Health = url === null ? { healthy: true } : await probe(url, PROBE_TIMEOUT_MS);
  if (health.healthy || !component.late) return health;
  return {
    healthy: false,
    why: `still being downloaded or built, ${path.basename(component.logFile)} says how far it is`,
  };
}

/** The last lines that a component wrote, for the message that says why it ended. */
export function lastLogLines(logFile: string, count: number): string[] {
  const MAX_BYTES = 64 * 1024;
  try {
    const handle = openSync(logFile, 'r');
    try {
      const { size } = fstatSync(handle);
      const buffer = Buffer.alloc(Math.min(size, MAX_BYTES));
      readSync(handle, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8').trimEnd().split('\n').slice(-count);
    } finally {
      closeSync(handle);
    }
  } catch {
    return [];
  }
}
