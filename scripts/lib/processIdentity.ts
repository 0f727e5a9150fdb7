import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id alone is not enough to end a process by: the system hands out the ids of dead processes again.
 * Together with its start it is unique.
 */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own words (boot and clock ticks on Linux); only ever compared. */
  startToken: string;
}

export interface ProcessInfo extends ProcessIdentity {
  /** frozen: it exists but does nothing (SIGSTOP, a debugger). */
  state: 'running' | 'frozen';
  rssBytes: number;
}

/** What runs under this id, or undefined when nothing does; a zombie is nothing. */
export function processInfo(pid: number): ProcessInfo | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** The process itself, not another one that has got its id since. */
export function findProcess(identity: ProcessIdentity): ProcessInfo | undefined {
  const info = processInfo(identity.pid);
  return info?.startToken === identity.startToken ? info : undefined;
}

function fromProc(pid: number): ProcessInfo | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const { state, startTicks, rssPages } = parseStat(stat);
  if (state === 'Z' || state === 'X') return undefined;
  const boot = (readText('/proc/sys/kernel/random/boot_id') ?? '').slice(0, 8);
  return {
    pid,
    startToken: `${boot}:${startTicks}`,
    state: state === 'T' || state === 't' ? 'frozen' : 'running',
    rssBytes: rssPages * pageBytes(),
  };
}

/** The fields of /proc/PID/stat that follow the command, which itself may hold spaces and brackets. */
export function parseStat(stat: string): { state: string; startTicks: string; rssPages: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: fields[19] ?? '', rssPages: Number(fields[21] ?? 0) };
}

let knownPageBytes: number | undefined;
function pageBytes(): number {
  knownPageBytes ??=
    process.arch === 'x64' ? 4096 : Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
  return knownPageBytes;
}

function fromPs(pid: number): ProcessInfo | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,rss=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return parsePs(pid, line);
  } catch {
    return undefined;
  }
}

/** `S    51234 Fri Nov 21 11:12:13 2025` */
export function parsePs(pid: number, line: string): ProcessInfo | undefined {
  const match = /^(\S+)\s+(\d+)\s+(.+)$/.exec(line.trim());
  if (!match || match[1]!.startsWith('Z')) return undefined;
  return {
    pid,
    startToken: match[3]!,
    state: match[1]!.startsWith('T') ? 'frozen' : 'running',
    rssBytes: Number(match[2]) * 1024,
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
