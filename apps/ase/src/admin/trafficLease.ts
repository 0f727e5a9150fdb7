/** Longest pause at once: a checker that dies must not stop the traffic for good. */
export const MAX_PAUSE_MS = 600_000;

export interface TrafficLease {
  /** Pauses background traffic for this long from now; 0 lets it go on. */
  pause(forMs: number): void;
  pausedUntilMs(): number;
}

/** Who must look at quiet numbers asks for a pause, and the traffic looks here before each payment. */
export function createTrafficLease(nowMs: () => number = Date.now): TrafficLease {
  let untilMs = 0;
  return {
    pause(forMs) {
      untilMs = forMs === 0 ? 0 : nowMs() + forMs;
    },
    pausedUntilMs: () => (untilMs > nowMs() ? untilMs : 0),
  };
}
