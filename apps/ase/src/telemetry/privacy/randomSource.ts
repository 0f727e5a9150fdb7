import { createCipheriv, createHash, randomFillSync } from 'node:crypto';

/** Where the randomness comes from. */
export interface RandomSource {
  /** A whole number from 0 to 2^32 − 1, each as likely. */
  uint32(): number;
}

/** From the operating system's cryptographic generator. */
export function cryptoRandom(): RandomSource {
  return inBatches((batch) => void randomFillSync(batch));
}

/** For tests and simulations, never to protect anything: the same seed gives the same numbers (an AES-CTR key stream). */
export function seededRandom(seed: number | string): RandomSource {
  const key = createHash('sha256').update(String(seed)).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return inBatches((batch) => {
    batch.fill(0);
    batch.set(new Uint32Array(new Uint8Array(cipher.update(batch)).buffer));
  });
}

const BATCH = 4096;

/** One call a number would cost a microsecond. */
function inBatches(fill: (batch: Uint32Array) => void): RandomSource {
  const batch = new Uint32Array(BATCH);
  let next = BATCH;
  return {
    uint32() {
      if (next === BATCH) {
        fill(batch);
        next = 0;
      }
      const value = batch[next]!;
      // So that what was used cannot be read from memory later.
      batch[next++] = 0;
      return value;
    },
  };
}
