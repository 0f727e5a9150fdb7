import { setTimeout as delay } from 'node:timers/promises';
import { processInfo } from '../../processIdentity.ts';
import { processorSecondsOf } from './processorTime.ts';

/** Groups of processes, by what they are. */
export type Groups<Name extends string> = Record<Name, readonly number[]>;

/** What each group has used between two moments. */
export type Used<Name extends string> = Record<Name, { cores: number; rssBytes: number }>;

const LOOK_EVERY_MS = 1000;

/**
 * Watches processes from now on, until `signal` ends it.
 * @param onLook told at every look what is resident of all of them together
 */
export function watchUsage<Name extends string>(
  groups: Groups<Name>,
  onLook: (rssBytes: number) => void,
  signal: AbortSignal,
): {
  /** Begins anew. */
  reset(): void;
  /** Since the begin: processors kept busy in the mean, and the highest resident memory. */
  used(): Used<Name>;
} {
  const names = Object.keys(groups) as Name[];
  const processorSeconds = (name: Name) =>
    groups[name].reduce((total, pid) => total + processorSecondsOf(pid), 0);
  const each = <T>(of: (name: Name) => T) =>
    Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, T>;
  let startedAtMs = performance.now();
  let before = each(processorSeconds);
  let highest = each(() => 0);

  function look(): void {
    const now = each((name) =>
      groups[name].reduce((total, pid) => total + (processInfo(pid)?.rssBytes ?? 0), 0),
    );
    highest = each((name) => Math.max(highest[name], now[name]));
    onLook(names.reduce((total, name) => total + now[name], 0));
  }
  const keepLooking = async () => {
    while (!signal.aborted) {
      look();
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  };
  void keepLooking();

  return {
    reset() {
      startedAtMs = performance.now();
      before = each(processorSeconds);
      highest = each(() => 0);
      look();
    },
    used() {
      const seconds = (performance.now() - startedAtMs) / 1000;
      look();
      return each((name) => ({
        cores: (processorSeconds(name) - before[name]) / seconds,
        rssBytes: highest[name],
      }));
    },
  };
}
