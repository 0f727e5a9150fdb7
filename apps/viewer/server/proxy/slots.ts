/** Bounds how many requests run at once and how many more may wait for their turn. */
export class Slots {
  readonly #limit: number;
  readonly #maxWaiting: number;
  readonly #waiting: Array<() => void> = [];
  #taken = 0;

  constructor(limit: number, maxWaiting: number) {
    this.#limit = limit;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Waits for a slot and returns what gives it back; `undefined` when too many wait already, or when the
   * asker has gone away meanwhile.
   */
  async take(asker: { readonly destroyed: boolean }): Promise<(() => void) | undefined> {
    if (this.#taken < this.#limit) this.#taken += 1;
    else if (this.#waiting.length >= this.#maxWaiting) return undefined;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      const next = this.#waiting.shift();
      // The slot goes to the next in line, or back.
      if (next) next();
      else this.#taken -= 1;
    };
    if (!asker.destroyed) return release;
    release();
    return undefined;
  }
}
