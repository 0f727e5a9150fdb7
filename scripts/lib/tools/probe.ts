import { run } from './run.ts';

export type Probe =
  | { version: string }
  /** Why it is of no use on this machine. */
  | { broken: string }
  /** Nobody knows yet what it is: it said nothing, for so long. */
  | { silentMs: number };

export interface ProbeOptions {
  signal?: AbortSignal;
  patience?: Patience;
  /** Hears that the answer is late, once. */
  onLate?: () => void;
}

/** A disk that is cold and busy takes long to read a program of a hundred megabytes; that says nothing about the program. */
export interface Patience {
  /** From then on an answer is late. */
  lateAfterMs: number;
  /** And from then on nobody waits for it any more. */
  endsAfterMs: number;
}

const PATIENCE: Patience = { lateAfterMs: 8000, endsAfterMs: 120_000 };

/** Runs a program to see that it works on this machine, and which version it is. */
export async function probe(file: string, options: ProbeOptions = {}): Promise<Probe> {
  const { signal, patience = PATIENCE, onLate } = options;
  const late = setTimeout(() => onLate?.(), patience.lateAfterMs);
  try {
    const finished = await run(file, ['--version'], { signal, timeoutMs: patience.endsAfterMs });
    if (finished.timedOut) return { silentMs: patience.endsAfterMs };
    if (!finished.ok) return { broken: `--version: ${finished.outcome}` };
    // "prometheus, version 3.15.0 (branch: …", "otelcol version 0.155.0", "k6 v1.8.1 (go1.26.8, linux/amd64)"
    const version = /(?:\bversion v?|^k6\S* v)(\d+\.\d+\.\d+\S*)/m.exec(finished.lines.join('\n'))?.[1];
    return version ? { version } : { broken: 'it does not tell its version' };
  } finally {
    clearTimeout(late);
  }
}

/** What is wrong with a program that should be of this version; undefined when nothing is. */
export function troubleWith(result: Probe, version: string): string | undefined {
  if ('silentMs' in result) return `--version: no answer in ${result.silentMs / 1000} s`;
  if ('broken' in result) return result.broken;
  return result.version === version ? undefined : `it is version ${result.version}`;
}
