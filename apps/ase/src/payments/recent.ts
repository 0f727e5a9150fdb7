/** What was seen lately, the newest so many: a memory that saves work, never the only place where something is known. */
export interface Recent<Value> {
  /** Undefined also when it was seen too long ago. */
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  /** Gets and forgets. */
  take(key: string): Value | undefined;
}

export interface RecentOptions {
  /** How many are kept. */
  most: number;
  /** For how long each is good, in milliseconds; left out: as long as it is kept. */
  forMs?: number;
  nowMs?: () => number;
}

export function createRecent<Value>({
  most,
  forMs = Number.POSITIVE_INFINITY,
  nowMs = () => performance.now(),
}: RecentOptions): Recent<Value> {
  const entries = new Map<string, { value: Value; untilMs: number }>();

  function get(key: string): Value | undefined {
    const entry = entries.get(key);
    return entry && entry.untilMs > nowMs() ? entry.value : undefined;
  }

  return {
    get,
    set(key, value) {
      // A map keeps the order in which keys came: this one becomes the newest.
      entries.delete(key);
      entries.set(key, { value, untilMs: nowMs() + forMs });
      if (entries.size > most) for (const oldest of entries.keys()) return void entries.delete(oldest);
    },
    take(key) {
      const value = get(key);
      entries.delete(key);
      return value;
    },
  };
}
