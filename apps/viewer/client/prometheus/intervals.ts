/**
 * Step and interval variables, by the rules that Grafana documents for its Prometheus data source: the step is
 * the range divided by the points that fit, not below the smallest interval (a query's min step, else the data
 * source's sample interval); `$__rate_interval` holds at least four of those.
 */
import { rangeUtil, type ScopedVars, type TimeRange } from '@grafana/data';

/** Prometheus refuses a range query with more points than this. */
const MAX_POINTS = 11_000;

export function stepMs(
  range: TimeRange,
  maxDataPoints: number,
  minInterval: string,
  intervalFactor = 1,
): number {
  const spanMs = range.to.valueOf() - range.from.valueOf();
  const calculatedMs = rangeUtil.calculateInterval(range, maxDataPoints, minInterval).intervalMs;
  const safeMs = Math.ceil(spanMs / MAX_POINTS / 1000) * 1000;
  return Math.max(calculatedMs, safeMs) * intervalFactor;
}

/** `$__interval`, `$__rate_interval`, `$__range` and their variants. */
export function intervalVariables(range: TimeRange, step: number, smallestInterval: string): ScopedVars {
  const smallestMs = rangeUtil.intervalToMs(smallestInterval);
  const rateMs = Math.max(step + smallestMs, 4 * smallestMs);
  const spanMs = range.to.valueOf() - range.from.valueOf();
  const spanSeconds = Math.round(spanMs / 1000);
  const values: Record<string, string | number> = {
    __interval: duration(step),
    __interval_ms: step,
    __rate_interval: duration(rateMs),
    __rate_interval_ms: rateMs,
    __range: `${spanSeconds}s`,
    __range_s: spanSeconds,
    __range_ms: spanMs,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { text: value, value }]));
}

/** Whole seconds as `90s` is precise where Grafana's own wording (`1m`) would round. */
const duration = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);
