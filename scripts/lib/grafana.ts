import { VerbError } from './errors.ts';
export async function ensureGrafana(_: { say: (line: string) => void; signal: AbortSignal }): Promise<{ program: string; home: string }> {
  throw new VerbError('not yet');
}
