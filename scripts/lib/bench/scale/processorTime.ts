import { readFileSync } from 'node:fs';

/** In which Linux gives all its times here, whatever the kernel's own. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process has used, in the kernel and outside; 0 when it is gone. Linux only. */
export function processorSecondsOf(pid: number): number {
  try {
    return parseProcessorSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return 0;
  }
}

/** utime and stime of /proc/PID/stat, which follow the command that may hold spaces and brackets. */
export function parseProcessorSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Seconds that all processors of the machine together were busy since its start. Linux only. */
export function machineBusySeconds(): number {
  return parseBusySeconds(readFileSync('/proc/stat', 'utf8'));
}

/** The first line of /proc/stat without idle and iowait; what guests used is in the others already. */
export function parseBusySeconds(stat: string): number {
  const [user, nice, system, , , irq, softirq, steal] = stat
    .split('\n')[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user! + nice! + system! + (irq ?? 0) + (softirq ?? 0) + (steal ?? 0)) / TICKS_PER_SECOND;
}
