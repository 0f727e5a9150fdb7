import path from 'node:path';
import { VerbError } from './errors.ts';
import { withSystemLock } from './systemLock.ts';

const REMIND_MS = 5000;

/** Runs `work` while no other verb changes the same playground. */
export function withLock<T>(
  home: string,
  verb: string,
  { say, signal, waitMs }: { say: (line: string) => void; signal: AbortSignal; waitMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + waitMs;
  let remindAt = 0;
  const onBusy = (holder: string) => {
    const busy = `./playground ${holder} is at work on this playground`;
    if (Date.now() >= deadline) throw new VerbError(`${busy}: try again when it is done`);
    if (Date.now() < remindAt) return;
    say(`${busy}: waiting for it`);
    remindAt = Date.now() + REMIND_MS;
  };
  const holder = `${verb} (pid ${process.pid})`;
  return withSystemLock(path.join(home, 'lock.sqlite'), { holder, signal, onBusy }, work);
}
