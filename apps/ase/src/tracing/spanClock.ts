/** The clock of this machine may be set, or the machine may have slept. */
const TOLERATED_MS = 20;

/**
 * Makes Unix milliseconds, with fractions, of what `performance.now()` said. OpenTelemetry's own way takes whole
 * milliseconds for the start of each span, so that a span of half a millisecond can seem to begin before its parent.
 */
export function createSpanClock(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): (monotonic: number) => number {
  let offsetMs = wallMs() - monotonicMs();
  return (monotonic) => {
    const drift = wallMs() - monotonicMs() - offsetMs;
    if (Math.abs(drift) > TOLERATED_MS) offsetMs += drift;
    return offsetMs + monotonic;
  };
}
