import { setTimeout as delay } from 'node:timers/promises';

/** Silence longer than this makes people think that it hangs. */
const SILENCE_MS = 5000;

export interface WaitOptions {
  timeoutMs: number;
  signal: AbortSignal;
  say: (line: string) => void;
  pollMs?: number;
}

/**
 * Asks `look` again and again until it gives undefined, that is, until nothing is missing any more. Whatever it
 * gives else says what is being waited for; it is told every few seconds, and thrown when the time is up.
 */
export async function waitFor(
  look: () => Promise<string | undefined>,
  { timeoutMs, signal, say, pollMs = 100 }: WaitOptions,
): Promise<void> {
  const startedAt = Date.now();
  let sayAt = startedAt + SILENCE_MS;
  for (;;) {
    signal.throwIfAborted();
    const missing = await look();
    if (missing === undefined) return;
    const now = Date.now();
    const seconds = Math.round((now - startedAt) / 1000);
    if (now - startedAt > timeoutMs) throw new WaitedTooLong(`after ${seconds} s still waiting: ${missing}`);
    if (now >= sayAt) {
      say(`  waiting ${seconds} s: ${missing}`);
      sayAt = now + SILENCE_MS;
    }
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
}

export class WaitedTooLong extends Error {}
