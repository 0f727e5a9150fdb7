/** Unix milliseconds, with fractions. */
export interface SpanClock {
  now(): number;
  /** Of a moment by `performance.now()`. */
  at(monotonicMs: number): number;
}

/** The clock of this machine may be set, or the machine may have slept. */
const TOLERATED_MS = 20;

/**
 * OpenTelemetry's own way takes whole milliseconds for the start of each span, so that a span of half a millisecond can
 * seem to begin before its parent.
 */
export function createSpanClock(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): SpanClock {
  let offsetMs = wallMs() - monotonicMs();
  return {
    now() {
      const monotonic = monotonicMs();
      const drift = wallMs() - monotonic - offsetMs;
      if (Math.abs(drift) > TOLERATED_MS) offsetMs += drift;
      return offsetMs + monotonic;
    },
    at: (monotonic) => offsetMs + monotonic,
  };
}
