import type { RandomSource } from './randomSource.ts';
import { integerBelow } from './uniform.ts';

/** numerator / denominator, both whole and lowest: no float is between ε and the noise. */
export interface NoiseScale {
  numerator: number;
  denominator: number;
}

/**
 * The scale that protects what can change a sum by `sensitivityUnits` with ε: sensitivity / ε.
 * @param epsilon with at most three decimals, see privacyParametersSchema
 */
export function noiseScale(sensitivityUnits: bigint, epsilon: number): NoiseScale {
  const numerator = Number(sensitivityUnits) * 1000;
  const denominator = Math.round(epsilon * 1000);
  if (!Number.isSafeInteger(numerator)) throw new RangeError(`${sensitivityUnits} is too large to protect`);
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/**
 * A whole number n with probability proportional to exp(−|n| / scale), exactly: only uniform whole numbers are drawn
 * and compared, so that no rounding tells the value under the noise (Mironov 2012). Algorithm 2 of Canonne, Kamath
 * and Steinke, "The Discrete Gaussian for Differential Privacy" (2020).
 */
export function discreteLaplace(random: RandomSource, { numerator, denominator }: NoiseScale): bigint {
  for (;;) {
    const remainder = integerBelow(random, numerator);
    if (!happensExp(random, remainder, numerator)) continue;
    let wholes = 0;
    while (happensExp(random, 1, 1)) wholes++;
    const magnitude = divide(remainder, numerator, wholes, denominator);
    const negative = integerBelow(random, 2) === 1;
    // Else zero would come twice as often as it should.
    if (negative && magnitude === 0n) continue;
    return negative ? -magnitude : magnitude;
  }
}

/** floor((remainder + numerator · wholes) / denominator) */
function divide(remainder: number, numerator: number, wholes: number, denominator: number): bigint {
  const sum = remainder + numerator * wholes;
  if (sum <= Number.MAX_SAFE_INTEGER) return BigInt((sum - (sum % denominator)) / denominator);
  return (BigInt(remainder) + BigInt(numerator) * BigInt(wholes)) / BigInt(denominator);
}

/**
 * True with probability exp(−part / whole), by von Neumann's series (Algorithm 1 of the same paper).
 * @param part from 0 to `whole`
 */
function happensExp(random: RandomSource, part: number, whole: number): boolean {
  for (let k = 1; ; k++) {
    // Probability part / (whole · k), as two draws so that the product cannot leave the whole numbers.
    const kth = k === 1 || integerBelow(random, k) === 0;
    const goesOn = kth && (part === whole || integerBelow(random, whole) < part);
    if (!goesOn) return k % 2 === 1;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
