import { createProgress, type Progress } from '../progress.ts';

/** Progress that keeps its lines. */
export function recordedProgress(): Progress & { lines: string[] } {
  const lines: string[] = [];
  return { ...createProgress({ say: (line) => lines.push(line) }), lines };
}
