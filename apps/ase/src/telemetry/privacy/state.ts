import { z } from 'zod';
import type { MechanismName } from './mechanism.ts';
import { DIGITS, HALF } from './noiseTree.ts';
import { MAX_TERMS } from './tailBound.ts';

/** What was stored is no state of this mechanism. */
export class PrivacyStateError extends Error {
  constructor(name: MechanismName, problems: string) {
    super(`the stored state of privacy mechanism "${name}" cannot be continued: ${problems}`);
    this.name = 'PrivacyStateError';
  }
}

/** A whole number of any sign as JSON carries it. 40 digits are more than any sum here reaches. */
export const integer = z
  .string()
  .regex(/^(0|-?[1-9]\d{0,39})$/, 'must be a whole number')
  .transform(BigInt);

/** A whole number from 0. */
export const total = integer.refine((value) => value >= 0n, 'must not be below 0');

/** Undefined stays undefined: there is no state yet. Throws a PrivacyStateError that names every problem. */
export function parseState<T>(name: MechanismName, schema: z.ZodType<T>, state: unknown): T | undefined {
  if (state === undefined) return undefined;
  const parsed = schema.safeParse(state);
  if (parsed.success) return parsed.data;
  throw new PrivacyStateError(
    name,
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'state'}: ${message}`).join('; '),
  );
}

/** The parameters that a noise process was begun with. */
export const savedParameters = z.strictObject({ epsilon: z.number().positive(), clipUnits: total });

export const count = z.int().min(0);

/** Noise of earlier parameters that is still in the total. */
export const laplaceTerms = z.array(z.strictObject({ scale: z.number().positive(), count })).max(MAX_TERMS);

/** See noiseTree.ts. */
export const noiseTree = z.strictObject({
  levels: z
    .array(
      z
        .strictObject({ digit: z.int().min(-HALF).max(HALF), noise: z.array(integer).max(HALF) })
        .refine(
          ({ digit, noise }) => noise.length === Math.abs(digit),
          'must have as much noise as its digit says',
        ),
    )
    .length(DIGITS),
  trees: z.strictObject({ count, noise: integer }),
});
