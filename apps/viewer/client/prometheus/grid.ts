/** The times at which a range query is evaluated. */
export interface Grid {
  /** Seconds since 1970, as Prometheus takes them. */
  start: number;
  end: number;
  /** Seconds. */
  step: number;
}

/**
 * As a rule the times are whole steps, so that the points of a graph stay where they are from one refresh to the next. The
 * newest samples then wait up to one step, which nobody wants who sees nothing yet: `endsNow` moves all times so that
 * the last is the end itself.
 * @param fromMs, toMs the time range, milliseconds since 1970
 * @param stepMs above 0
 */
export function gridOf(fromMs: number, toMs: number, stepMs: number, endsNow: boolean): Grid {
  const shiftMs = endsNow ? toMs % stepMs : 0;
  const floor = (ms: number) => Math.floor((ms - shiftMs) / stepMs) * stepMs + shiftMs;
  return { start: floor(fromMs) / 1000, end: floor(toMs) / 1000, step: stepMs / 1000 };
}
