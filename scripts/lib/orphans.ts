import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessIdentity, processInfo } from './processIdentity.ts';

/** Every component is started with it, so that it can be known for what it is. */
export const COMPONENT_VARIABLE = 'PLAYGROUND_COMPONENT';

export interface Orphan extends ProcessIdentity {
  name: string;
}

/** What a component's environment says about whose it is. */
export function componentMark(home: string, name: string): Record<string, string> {
  return { [COMPONENT_VARIABLE]: `${name}@${home}` };
}

/**
 * Components of this playground that run.json does not know: an `up` was killed in the moment between a start and
 * its note, or run.json was lost. Linux tells; elsewhere there are none to be found.
 */
export function findOrphans(home: string, known: readonly ProcessIdentity[]): Orphan[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !known.some(({ pid }) => pid === Number(name)))
    .flatMap((pid) => {
      const name = ownComponent(readEnvironment(pid), home);
      const info = name === undefined ? undefined : processInfo(Number(pid));
      return info && name !== undefined ? [{ name, pid: info.pid, startToken: info.startToken }] : [];
    });
}

function ownComponent(environment: string, home: string): string | undefined {
  const [start, end] = [`${COMPONENT_VARIABLE}=`, `@${home}`];
  const entry = environment.split('\0').find((text) => text.startsWith(start) && text.endsWith(end));
  return entry?.slice(start.length, -end.length);
}

function readEnvironment(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // gone, or of another user
  }
}
