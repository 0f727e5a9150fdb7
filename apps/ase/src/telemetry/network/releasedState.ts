import { z } from 'zod';
import { MECHANISMS, type MechanismName } from '../privacy/mechanism.ts';
import type { Sums } from './outbox.ts';

/** What passes the privacy mechanisms, each quantity through mechanisms of its own. */
export const QUANTITIES = ['amount', 'fee'] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** What was released so far; one row in the ledger's database, changed in the commits that release. */
export interface ReleasedState {
  /** The mechanism whose totals go to the network. */
  chosen: MechanismName;
  epsilon: number;
  /** What the settings said; when they say something else, they win over what was chosen at run time. */
  configured: { chosen: MechanismName; epsilon: number; clipUnits: bigint };
  /** The truth, as far as it was taken out of the outbox. */
  sums: Sums;
  /** What the network was told. A change of the mechanism goes on from here. */
  sent: Record<Quantity, bigint>;
  /** The newest total of every mechanism. */
  released: Record<Quantity, Record<MechanismName, bigint>>;
  /** Amounts that the mechanisms have taken in and not released yet: a release was cut short. */
  unreleased: Record<Quantity, boolean>;
}

/** Reads what `serialize` wrote. Throws when it is something else. */
export function parseReleased(text: string): ReleasedState {
  return schema.parse(JSON.parse(text));
}

export function serializeReleased(state: ReleasedState): string {
  return JSON.stringify(state, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));
}

/** For each quantity what `of` gives. */
export function perQuantity<T>(of: (quantity: Quantity) => T): Record<Quantity, T> {
  return { amount: of('amount'), fee: of('fee') };
}

/** For each mechanism what `of` gives. */
export function perMechanism<T>(of: (name: MechanismName) => T): Record<MechanismName, T> {
  return Object.fromEntries(MECHANISMS.map((name) => [name, of(name)])) as Record<MechanismName, T>;
}

const total = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt);
const mechanism = z.enum(MECHANISMS);
const each = <S extends z.ZodType>(shape: S) => z.strictObject({ amount: shape, fee: shape });
const schema = z.strictObject({
  chosen: mechanism,
  epsilon: z.number(),
  configured: z.strictObject({ chosen: mechanism, epsilon: z.number(), clipUnits: total }),
  sums: z.strictObject({
    fulfilled: total,
    rejected: total,
    amountUnits: total,
    transactions: total,
    feeUnits: total,
  }),
  sent: each(total),
  released: each(z.record(mechanism, total)),
  unreleased: each(z.boolean()),
});
