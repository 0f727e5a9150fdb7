import { setTimeout as delay } from 'node:timers/promises';

/**
 * Begins `perSecond` times a second, evenly and whether those before have ended or not, and waits for all to end.
 * @returns how long each took, in milliseconds; in no particular order
 * @throws the first error of any of them
 */
export async function openLoop(
  once: () => Promise<void>,
  { perSecond, seconds, signal }: { perSecond: number; seconds: number; signal: AbortSignal },
): Promise<number[]> {
  const total = Math.round(perSecond * seconds);
  const tookMs: number[] = [];
  const underWay: Promise<void>[] = [];
  const timed = async () => {
    const begunAtMs = performance.now();
    await once();
    tookMs.push(performance.now() - begunAtMs);
  };
  const startedAtMs = performance.now();
  while (underWay.length < total) {
    signal.throwIfAborted();
    const due = Math.min(total, Math.ceil(((performance.now() - startedAtMs) / 1000) * perSecond));
    while (underWay.length < due) {
      const one = timed();
      // It is waited for at the end, and must not end the process before.
      one.catch(() => {});
      underWay.push(one);
    }
    await delay(1);
  }
  await Promise.all(underWay);
  return tookMs;
}

/** Keeps so many under way for a while; how many ended a second. */
export async function closedLoop(
  once: () => Promise<void>,
  { atOnce, seconds, signal }: { atOnce: number; seconds: number; signal: AbortSignal },
): Promise<number> {
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + seconds * 1000;
  let done = 0;
  const keepGoing = async () => {
    while (performance.now() < endsAtMs) {
      signal.throwIfAborted();
      await once();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, keepGoing));
  return done / ((performance.now() - startedAtMs) / 1000);
}
