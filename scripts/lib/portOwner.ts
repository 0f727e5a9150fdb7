import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import net from 'node:net';

export interface PortOwner {
  /** Unknown when the process belongs to somebody else. */
  pid?: number;
  command?: string;
}

/** Who listens on a port of this machine: undefined when nobody does. */
export async function portOwner(host: string, port: number): Promise<PortOwner | undefined> {
  if (await isFree(host, port)) return undefined;
  return (process.platform === 'linux' ? ownerFromProc(port) : ownerFromLsof(port)) ?? {};
}

export function describeOwner(owner: PortOwner): string {
  if (owner.pid === undefined) return 'a process of another user';
  return `pid ${owner.pid}${owner.command ? ` (${owner.command})` : ''}`;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function ownerFromProc(port: number): PortOwner | undefined {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const inode of listenerInodes(readText(table), port)) inodes.add(inode);
  }
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (socketsOf(pid).some((inode) => inodes.has(inode))) {
      return { pid: Number(pid), command: shorten(readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')) };
    }
  }
  return undefined;
}

/** The socket inodes that listen on a port, from a /proc/net/tcp table (state 0A is LISTEN, numbers are hex). */
export function listenerInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === '0A')
    .map((fields) => fields[9]!);
}

function socketsOf(pid: string): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1] ?? [];
      } catch {
        return []; // closed in between
      }
    });
  } catch {
    return []; // gone, or of another user
  }
}

function ownerFromLsof(port: number): PortOwner | undefined {
  try {
    const pid = execFileSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).split('\n')[0]!;
    const command = execFileSync('ps', ['-o', 'command=', '-p', pid], { encoding: 'utf8' });
    return { pid: Number(pid), command: shorten(command) };
  } catch {
    return undefined;
  }
}

function shorten(command: string): string {
  const line = command.trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
