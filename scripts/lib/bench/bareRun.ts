import path from 'node:path';
import { VerbError } from '../errors.ts';
import { planPayments } from '../seed/plan.ts';
import { run } from '../tools/run.ts';
import type { BareOrder } from './barePayments.ts';

export interface BareRun {
  payments: number;
  /** At a time. */
  concurrency: number;
  seed: number;
}

/**
 * Payments of bare @interledger/pay to a bare STREAM receiver: the seconds they took, from the start of the process
 * to its end.
 */
export async function bareSeconds(
  { payments, concurrency, seed }: BareRun,
  { signal }: { signal: AbortSignal },
): Promise<number> {
  const order: BareOrder = {
    amountsUnits: planPayments({ payments, seed }).map(({ amountUnits }) => `${amountUnits}`),
    concurrency,
  };
  const program = path.join(import.meta.dirname, 'barePayments.ts');
  const startedAtMs = performance.now();
  const { ok, outcome, lines } = await run(process.execPath, [program, JSON.stringify(order)], {
    env: process.env,
    signal,
  });
  if (!ok) throw new VerbError(`the bare payments failed: ${outcome}`, lines.slice(-10));
  return (performance.now() - startedAtMs) / 1000;
}

/** The same, as payments per second. */
export async function bareRate(order: BareRun, context: { signal: AbortSignal }): Promise<number> {
  return order.payments / (await bareSeconds(order, context));
}
