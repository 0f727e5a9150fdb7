/** Listens to somebody's output and finds the longest time without a word. */
export function createSilenceMeter(nowMs: () => number = () => performance.now()) {
  let lastMs = nowMs();
  let longestMs = 0;
  const heard = () => {
    const now = nowMs();
    longestMs = Math.max(longestMs, now - lastMs);
    lastMs = now;
  };
  return {
    heard,
    /** At the end: the silence before the end counts as well. */
    longestMs(): number {
      heard();
      return longestMs;
    },
  };
}
