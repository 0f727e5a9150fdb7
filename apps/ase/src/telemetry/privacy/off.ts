import { z } from 'zod';
import { checkedAmount, published } from './amounts.ts';
import type { Mechanism } from './mechanism.ts';
import { parseState, total } from './state.ts';

const savedState = z.strictObject({ version: z.literal(1), total, released: total });

/** The exact total: for the operator's own use, or where nothing has to be protected. */
export function createOff(state: unknown): Mechanism {
  const saved = parseState('off', savedState, state);
  let sum = saved?.total ?? 0n;
  let released = saved?.released ?? 0n;
  return {
    name: 'off',
    add(amountUnits) {
      sum += checkedAmount(amountUnits);
    },
    release() {
      released = published(sum);
      return released;
    },
    errorBound: () => sum - released,
    epsilonSpent: () => Number.POSITIVE_INFINITY,
    state: () => ({ version: 1, total: `${sum}`, released: `${released}` }),
  };
}
