import { readdirSync, readFileSync } from 'node:fs';

export interface Memory {
  /** Resident pages; those that processes share, such as a program's code, count once for each of them. */
  rssBytes: number;
  /** Resident pages; a shared one counts as its part among all processes of the machine that map it. */
  pssBytes: number;
}

/** What the processes of some process groups hold together; Linux only. */
export function memoryOfGroups(groups: readonly number[]): Memory {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isOurs = groups.includes(parseGroup(readFileSync(`/proc/${pid}/stat`, 'utf8')));
        return isOurs ? [parseMemory(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))] : [];
      } catch {
        return []; // gone in between
      }
    });
  return {
    rssBytes: all.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    pssBytes: all.reduce((sum, { pssBytes }) => sum + pssBytes, 0),
  };
}

/** Undefined where there is no such process, or no way to tell: shared pages are told apart on Linux only. */
export function memoryOf(pid: number): Memory | undefined {
  try {
    return parseMemory(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The process group in /proc/PID/stat, whose second field, the command, may hold spaces and brackets. */
export function parseGroup(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

/** The sums of /proc/PID/smaps_rollup. */
export function parseMemory(rollup: string): Memory {
  const bytes = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1];
    if (kilobytes === undefined) throw new SyntaxError(`no ${name} in smaps_rollup`);
    return Number(kilobytes) * 1024;
  };
  return { rssBytes: bytes('Rss'), pssBytes: bytes('Pss') };
}
