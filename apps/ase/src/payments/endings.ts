/** Tells those who wait for it that a payment has ended. */
export interface Endings {
  tell(id: string): void;
  /** Resolves when that payment ends, after `mostMs`, or at once when too many wait. The caller looks what it is. */
  wait(id: string, mostMs: number): Promise<void>;
  /** Lets all go, and every later one at once. */
  close(): void;
}

const MAX_WAITING = 1_000;

export function createEndings(maxWaiting = MAX_WAITING): Endings {
  const waiting = new Map<string, Set<() => void>>();
  let count = 0;
  let isOpen = true;

  function tell(id: string): void {
    for (const release of waiting.get(id) ?? []) release();
  }

  return {
    tell,
    wait(id, mostMs) {
      if (!isOpen || count >= maxWaiting) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const others = waiting.get(id) ?? new Set();
      const release = () => {
        clearTimeout(timer);
        count -= 1;
        others.delete(release);
        if (others.size === 0) waiting.delete(id);
        resolve();
      };
      const timer = setTimeout(release, mostMs);
      count += 1;
      waiting.set(id, others.add(release));
      return promise;
    },
    close() {
      isOpen = false;
      for (const id of waiting.keys()) tell(id);
    },
  };
}
