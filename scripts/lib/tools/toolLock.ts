import { withSystemLock } from '../systemLock.ts';
import type { Progress } from './progress.ts';

/** Runs `work` alone on this machine, and says so when another process is at the same tool. */
export async function withToolLock<T>(
  file: string,
  what: string,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const ourTurn = Promise.withResolvers<void>();
  let waiting: Promise<void> | undefined;
  const onBusy = (holder: string) => {
    waiting ??= progress.step(`waiting for ${holder}, which is getting ${what}`, () => ourTurn.promise);
  };
  try {
    return await withSystemLock(file, { holder: `process ${process.pid}`, signal, onBusy }, () => {
      ourTurn.resolve();
      return work();
    });
  } finally {
    ourTurn.resolve();
    await waiting;
  }
}
