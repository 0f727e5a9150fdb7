/** The shortest window that rates are good for: several samples of an export every second. */
const SHORTEST_WINDOW_SECONDS = 10;
const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A duration as the rules spell it, such as `5m`. */
export type Duration = `${number}${keyof typeof UNIT_SECONDS}`;

/** Seconds of a duration. */
export function secondsOf(duration: Duration): number {
  return Number(duration.slice(0, -1)) * UNIT_SECONDS[duration.at(-1) as keyof typeof UNIT_SECONDS];
}

/** The duration `speed` times as short, in whole seconds; as it is at speed 1. */
export function faster(duration: Duration, speed: number): Duration {
  return speed === 1 ? duration : `${Math.ceil(secondsOf(duration) / speed)}s`;
}

/** The same of a window, which keeps enough samples to make a rate of. */
export function fasterWindow(window: Duration, speed: number): Duration {
  const seconds = secondsOf(faster(window, speed));
  return speed === 1 ? window : `${Math.max(SHORTEST_WINDOW_SECONDS, seconds)}s`;
}
