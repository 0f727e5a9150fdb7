import { z } from 'zod';
import { checkedAmount, published } from './amounts.ts';
import type { Mechanism } from './mechanism.ts';
import { parseState, total } from './state.ts';

const savedState = z.strictObject({ version: z.literal(1), released: total, pending: total });

/** The exact total: for the operator's own use, or where nothing has to be protected. */
export function createOff(state: unknown): Mechanism {
  const saved = parseState('off', savedState, state);
  let released = saved?.released ?? 0n;
  let pending = saved?.pending ?? 0n;
  return {
    name: 'off',
    add(amountUnits) {
      pending += checkedAmount(amountUnits);
    },
    release() {
      released += pending;
      pending = 0n;
      return published(released);
    },
    errorBound: () => released + pending - published(released),
    epsilonSpent: () => Number.POSITIVE_INFINITY,
    state: () => ({ version: 1, released: `${released}`, pending: `${pending}` }),
  };
}
