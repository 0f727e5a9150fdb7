import type { Socket } from 'node:net';
import { checkHealth } from './healthCheck.ts';
import type { ReplicaAddress } from './settings.ts';

/** One failed look may be bad luck; a frozen process fails every one. */
const FAILURES_TO_FALL = 2;

export interface CheckTiming {
  everyMs: number;
  timeoutMs: number;
}

/** A program behind the balancer: whether it works, and who is connected to it. */
export class Replica {
  readonly address: ReplicaAddress;
  readonly connections = new Set<Socket>();
  /** What is wrong with it; undefined while it works. It counts as working until a look says otherwise. */
  trouble: string | undefined;
  readonly #onChange: (replica: Replica) => void;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(address: ReplicaAddress, onChange: (replica: Replica) => void) {
    this.address = address;
    this.#onChange = onChange;
  }

  /** Looks at its health again and again, until stop(). */
  watch(timing: CheckTiming): void {
    const look = async () => {
      const trouble = await checkHealth(this.address.host, this.address.healthPort, timing.timeoutMs);
      if (this.#stopped) return;
      this.#failures = trouble === undefined ? 0 : this.#failures + 1;
      if (trouble === undefined || this.#failures >= FAILURES_TO_FALL) this.#become(trouble);
      this.#timer = setTimeout(look, timing.everyMs);
    };
    void look();
  }

  /** A connection to it failed: it is out until a look says that it works again. */
  fell(why: string): void {
    this.#become(why);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #become(trouble: string | undefined): void {
    const changed = (trouble === undefined) !== (this.trouble === undefined);
    this.trouble = trouble;
    // Whoever waits for an answer of a frozen program waits in vain: its connections end, and come back elsewhere.
    if (trouble !== undefined) for (const socket of this.connections) socket.destroy();
    if (changed) this.#onChange(this);
  }
}
