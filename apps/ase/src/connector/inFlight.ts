/** Counts packets under way. */
export interface InFlight {
  enter(): void;
  leave(): void;
  count(): number;
  /** Resolves when nothing is under way, or after `boundMs`. */
  settled(boundMs: number): Promise<void>;
}

export function createInFlight(): InFlight {
  let count = 0;
  let onEmpty: Array<() => void> = [];
  return {
    enter() {
      count += 1;
    },
    leave() {
      count -= 1;
      if (count > 0) return;
      for (const tell of onEmpty) tell();
      onEmpty = [];
    },
    count: () => count,
    settled: (boundMs) =>
      new Promise((resolve) => {
        if (count === 0) return resolve();
        const timer = setTimeout(resolve, boundMs);
        onEmpty.push(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
