/** Lets `ratePerSecond` through, and a burst of one second's worth after a pause. */
export interface TokenBucket {
  take(amount: bigint): boolean;
}

/** Whole numbers of millionths inside, so that nothing is lost to rounding. The clock must never go back. */
export function createTokenBucket(ratePerSecond: bigint, monotonicMs: () => number): TokenBucket {
  const capacity = ratePerSecond * MILLION;
  let tokens = capacity;
  let filledAtUs = toMicroseconds(monotonicMs());
  return {
    take(amount) {
      const nowUs = toMicroseconds(monotonicMs());
      const filled = tokens + ratePerSecond * (nowUs - filledAtUs);
      tokens = filled < capacity ? filled : capacity;
      filledAtUs = nowUs;
      const price = amount * MILLION;
      if (price > tokens) return false;
      tokens -= price;
      return true;
    },
  };
}

const MILLION = 1_000_000n;
const toMicroseconds = (ms: number): bigint => BigInt(Math.floor(ms * 1_000));
