import type { HttpJson } from '../../../apps/traffic/src/httpJson.ts';
import { createOpenPaymentsClient } from '../../../apps/traffic/src/openPaymentsClient.ts';
import type { Order } from '../../../apps/traffic/src/orders.ts';
import { type PaymentOutcome, pay } from '../../../apps/traffic/src/pay.ts';
import { messageOf, VerbError } from '../errors.ts';
import type { Playground } from '../playground.ts';

export interface OrderOutcome extends PaymentOutcome {
  order: Order;
}

const CONCURRENCY = 10;
/** Long enough for somebody to see that an ASE is dead, and to start it again. */
const RETRY_FOR_MS = 120_000;
const SAY_EVERY_MS = 3000;

/** Makes all payments, some at a time, through crashes of the ASEs. Outcomes are in the order of the plan. */
export async function makePayments(
  plan: readonly Order[],
  context: {
    playground: Playground;
    http: HttpJson;
    run: string;
    say: (line: string) => void;
    signal: AbortSignal;
  },
): Promise<OrderOutcome[]> {
  const { playground, http, run, say } = context;
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const client = createOpenPaymentsClient({ http, retryForMs: RETRY_FOR_MS, signal });
  const urlOf = (name: string) => playground.ases.find((ase) => ase.name === name)!.url;
  const outcomes: OrderOutcome[] = [];
  let next = 0;
  let done = 0;
  const progress = setInterval(() => say(`  ${done} of ${plan.length} payments`), SAY_EVERY_MS);

  async function worker(): Promise<void> {
    while (next < plan.length) {
      const index = next++;
      const order = plan[index]!;
      outcomes[index] = { order, ...(await pay(client, order, { key: `${run}-${index}`, urlOf, signal })) };
      done++;
    }
  }

  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    return outcomes;
  } catch (error) {
    failed.abort(error);
    context.signal.throwIfAborted();
    throw new VerbError(`${done} of ${plan.length} payments made, then: ${messageOf(error)}`, [
      './playground status shows who is away, ./playground up starts it again',
    ]);
  } finally {
    clearInterval(progress);
  }
}
