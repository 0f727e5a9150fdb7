import { run } from './run.ts';

export type Probe = { version: string } | { broken: string };

/** A program that does not even tell its version in this time is not usable. */
const TIMEOUT_MS = 10_000;

/** Runs a program to see that it works on this machine, and which version it is. */
export async function probe(file: string, signal?: AbortSignal): Promise<Probe> {
  const { ok, outcome, lines } = await run(file, ['--version'], { signal, timeoutMs: TIMEOUT_MS });
  if (!ok) return { broken: `--version: ${outcome}` };
  // "prometheus, version 3.15.0 (branch: …", "otelcol version 0.155.0", "k6 v1.8.1 (go1.26.8, linux/amd64)"
  const version = /(?:\bversion v?|^k6\S* v)(\d+\.\d+\.\d+\S*)/m.exec(lines.join('\n'))?.[1];
  return version ? { version } : { broken: 'it does not tell its version' };
}
