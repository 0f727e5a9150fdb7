import { Errors } from 'ilp-packet';

/** Resolves after the time; never, once the connector has stopped: what waited is left to the next start. */
export type Wait = (ms: number) => Promise<void>;

export interface Waiting {
  wait: Wait;
  /** The result, or R00 when it does not come in time or the connector stops. */
  atMost<T>(ms: number, result: Promise<T>): Promise<T>;
  stop(): void;
}

/** All timers of a connector, so that none of them outlives it. */
export function createWaiting(): Waiting {
  const cancels = new Set<() => void>();
  let stopped = false;

  function schedule(ms: number, onTime: () => void, onStop: () => void): () => void {
    const timer = setTimeout(() => end(onTime), ms);
    const cancel = () => end(onStop);
    function end(tell: () => void): void {
      clearTimeout(timer);
      cancels.delete(cancel);
      tell();
    }
    cancels.add(cancel);
    return () => end(() => {});
  }

  return {
    wait: (ms) =>
      new Promise((resolve) => {
        if (!stopped) schedule(ms, resolve, () => {});
      }),
    atMost: (ms, result) =>
      new Promise((resolve, reject) => {
        const late = () => reject(new Errors.TransferTimedOutError('the packet timed out'));
        if (stopped) return late();
        const done = schedule(ms, late, late);
        result.then(resolve, reject).finally(done);
      }),
    stop() {
      stopped = true;
      for (const cancel of cancels) cancel();
    },
  };
}
