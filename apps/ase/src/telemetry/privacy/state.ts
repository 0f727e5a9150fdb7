import { z } from 'zod';
import type { MechanismName } from './mechanism.ts';

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
