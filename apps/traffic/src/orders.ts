/** One payment that somebody wants to be made. */
export interface Order {
  from: Place;
  to: Place;
  /** fixed-send: the sender says what leaves the wallet; fixed-receive: the receiver says what shall arrive. */
  kind: 'fixed-send' | 'fixed-receive';
  /** In the smallest unit of the side that is fixed. */
  amountUnits: bigint;
}

export interface Place {
  ase: string;
  wallet: string;
}

export interface OrderBook {
  wallets: readonly string[];
  /** Directions to draw from; each is as likely as the next. */
  routes: readonly { from: string; to: string }[];
}

/** Well above the fee, and up to three of the largest packets. */
const MIN_UNITS = 500;
const MAX_UNITS = 25_000;

/** Payments without end: the same seed and book give the same payments in the same order. */
export function* orders(seed: number, { wallets, routes }: OrderBook): Generator<Order, never> {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (;;) {
    const { from, to } = pick(routes);
    yield {
      from: { ase: from, wallet: pick(wallets) },
      to: { ase: to, wallet: pick(wallets) },
      kind: random() < 0.5 ? 'fixed-send' : 'fixed-receive',
      amountUnits: BigInt(MIN_UNITS + Math.floor(random() * (MAX_UNITS - MIN_UNITS + 1))),
    };
  }
}

/** mulberry32: 32 bits of state, numbers from 0 to below 1, the same on every machine. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
