import { randomFillSync } from 'node:crypto';

/**
 * The id of a trace as four numbers of 32 bits: sixteen bytes that cost no object of their own to send, and are
 * written out only where somebody reads them.
 */
export class TraceId {
  readonly words: readonly [number, number, number, number];
  #hex: string | undefined;

  constructor(words: readonly [number, number, number, number], hex?: string) {
    this.words = words;
    this.#hex = hex;
  }

  static random(): TraceId {
    return new TraceId([nonZero(), randomWord(), randomWord(), randomWord()]);
  }

  /** @param hex 32 hexadecimal digits */
  static of(hex: string): TraceId {
    return new TraceId([wordAt(hex, 0), wordAt(hex, 8), wordAt(hex, 16), wordAt(hex, 24)], hex);
  }

  get hex(): string {
    this.#hex ??= this.words.map(hexOf).join('');
    return this.#hex;
  }
}

/** The place of a span in its trace. Its id is `high` and then `low`, 32 bits each. */
export interface SpanPlace {
  readonly trace: TraceId;
  readonly high: number;
  readonly low: number;
  /** It is another process' span. */
  readonly isRemote: boolean;
}

/** @param spanIdHex 16 hexadecimal digits */
export function remotePlace(traceIdHex: string, spanIdHex: string): SpanPlace {
  return {
    trace: TraceId.of(traceIdHex),
    high: wordAt(spanIdHex, 0),
    low: wordAt(spanIdHex, 8),
    isRemote: true,
  };
}

export const spanIdHex = ({ high, low }: Pick<SpanPlace, 'high' | 'low'>): string => hexOf(high) + hexOf(low);

/** One call of the system's generator for so many ids. */
const pool = new Int32Array(2_048);
let used = pool.length;

/** 32 random bits, with a sign: such a number is no object. */
export function randomWord(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++]!;
}

/** For an id that must not be all zeros, which W3C Trace Context forbids. */
export function nonZero(): number {
  for (;;) {
    const word = randomWord();
    if (word !== 0) return word;
  }
}

/** Eight digits of hexadecimal text, as a number with a sign. */
const wordAt = (hex: string, start: number): number => Number.parseInt(hex.slice(start, start + 8), 16) | 0;

const hexOf = (word: number): string =>
  HEX[word >>> 24]! + HEX[(word >>> 16) & 0xff]! + HEX[(word >>> 8) & 0xff]! + HEX[word & 0xff]!;

/** The two digits of each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
