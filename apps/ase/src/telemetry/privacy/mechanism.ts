import { z } from 'zod';
import { createContinual } from './continual.ts';
import { createOff } from './off.ts';
import { createRafiki } from './rafiki.ts';
import { cryptoRandom, type RandomSource } from './randomSource.ts';
import { createUnbiased } from './unbiased.ts';

/** How an amount may be treated before it is shared; docs/privacy.md says what each protects. */
export const MECHANISMS = ['off', 'rafiki', 'unbiased', 'continual'] as const;
export type MechanismName = (typeof MECHANISMS)[number];

export interface PrivacyParameters {
  /** Of one packet's amount. Smaller protects more and is noisier. */
  epsilon: number;
  /** The largest amount of one packet, in base units; what is above it is not counted. Public. */
  clipUnits: bigint;
}

/** Both are limited so that the arithmetic of the noise stays exact. */
export const privacyParametersSchema: z.ZodType<PrivacyParameters> = z.strictObject({
  epsilon: z
    .number({ error: 'must be a number' })
    .min(0.001, 'must be at least 0.001')
    .max(100, 'must be at most 100')
    .refine((epsilon) => Math.round(epsilon * 1000) / 1000 === epsilon, 'must have at most three decimals'),
  clipUnits: z
    .bigint({ error: 'must be a whole number' })
    .min(1n, 'must be at least 1')
    .max(10_000_000_000n, 'must be at most 10000000000'),
});

/** A running total that may be shared. */
export interface Mechanism {
  readonly name: MechanismName;
  /** One packet's amount in base units (USD scale 4), above 0. Throws a RangeError for any other. */
  add(amountUnits: bigint): void;
  /** Ends an export interval: the total to publish, never less than the one before, at most 2^53 − 1. */
  release(): bigint;
  /**
   * |published − truth| stays below this with at least probability 1 − failureProbability, now. Undefined when no
   * bound can be given. It knows what was cut off by the clip and is for the operator only.
   * @param failureProbability above 0, below 1
   */
  errorBound(failureProbability: number): bigint | undefined;
  /** The most that was spent on one packet's amount. Infinity where nothing is guaranteed. */
  epsilonSpent(): number;
  /** JSON-safe; createMechanism() continues it exactly. It holds the truth: it never leaves the operator. */
  state(): unknown;
}

/**
 * A mechanism at its beginning, or as it was when `state` was taken. With parameters other than those in the state,
 * the noise begins anew and the published total goes on from where it was.
 * @param random only tests and simulations give one
 * @throws PrivacyStateError when `state` is none of this mechanism's; ZodError when the parameters are out of range
 */
export function createMechanism(
  name: MechanismName,
  parameters: PrivacyParameters,
  state?: unknown,
  random: RandomSource = cryptoRandom(),
): Mechanism {
  privacyParametersSchema.parse(parameters);
  switch (name) {
    case 'off':
      return createOff(state);
    case 'rafiki':
      return createRafiki(state, random);
    case 'unbiased':
      return createUnbiased(parameters, state, random);
    case 'continual':
      return createContinual(parameters, state, random);
  }
}
