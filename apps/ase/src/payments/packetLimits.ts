/** The packet sizes that earlier probes found, by the receiving ASE, so that a probe starts at the right size. */
export class PacketLimits {
  readonly #limits = new Map<string, { units: bigint; untilMs: number }>();
  readonly #nowMs: () => number;
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get(ilpAddress: string): bigint | undefined {
    const found = this.#limits.get(hostAddress(ilpAddress));
    return found && found.untilMs > this.#nowMs() ? found.units : undefined;
  }

  set(ilpAddress: string, units: bigint): void {
    const key = hostAddress(ilpAddress);
    const found = this.#limits.get(key);
    // A limit that still holds is not renewed: once a while a probe looks whether a larger packet passes.
    if (found && found.untilMs > this.#nowMs() && found.units === units) return;
    if (this.#limits.size >= MAX_LIMITS) this.#limits.clear();
    this.#limits.set(key, { units, untilMs: this.#nowMs() + LIMIT_TTL_MS });
  }
}

/** An ILP address without its last segment, which is different for every incoming payment. */
export const hostAddress = (ilpAddress: string): string => ilpAddress.slice(0, ilpAddress.lastIndexOf('.'));

const LIMIT_TTL_MS = 60_000;
const MAX_LIMITS = 1_000;
