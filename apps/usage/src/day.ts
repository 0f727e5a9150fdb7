const DAY_MS = 86_400_000;

/** The day of a moment, in UTC: `2030-01-31`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The first of the last `days` days, today being one of them. */
export function firstOfLastDays(days: number, nowMs: number): string {
  return dayOf(nowMs - (days - 1) * DAY_MS);
}
