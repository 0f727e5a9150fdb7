import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, createAdmin, type LedgerReport } from '../admin.ts';
import { messageOf, VerbError } from '../errors.ts';
import type { Playground } from '../playground.ts';
import { plural } from '../text.ts';
import { WaitedTooLong, waitFor } from '../wait.ts';

/** Outlives the longest look; a check that is killed gives the traffic back by its end. */
const LEASE_MS = 180_000;
/** Longer than any step of a payment that its client still has to take. */
const CALM_MS = 1200;
const CALM_WITHIN_MS = 30_000;

export interface Quiet {
  ledgers: LedgerReport[];
  /** Nothing has changed since. */
  sinceMs: number;
}

/** Runs `work` while background traffic waits; it goes on afterwards whatever happens. */
export async function withTrafficPaused<T>(
  { ases, adminToken }: Pick<Playground, 'ases' | 'adminToken'>,
  work: (admins: Admin[]) => Promise<T>,
): Promise<T> {
  const admins = ases.map(({ url }) => createAdmin(url, adminToken));
  try {
    await Promise.all(
      admins.map((admin, i) =>
        admin.pauseTraffic(LEASE_MS).catch((error) => {
          throw new VerbError(`${ases[i]!.name} does not show its ledger: ${messageOf(error)}`, [
            './playground status shows who is away, ./playground up starts it again',
          ]);
        }),
      ),
    );
    return await work(admins);
  } finally {
    await Promise.allSettled(admins.map((admin) => admin.pauseTraffic(0)));
  }
}

/** Waits until no payment is under way and no ledger has changed for a while. */
export async function waitForQuiet(
  admins: readonly Admin[],
  context: { say: (line: string) => void; signal: AbortSignal },
): Promise<Quiet> {
  let last = '';
  let quiet: Quiet = { ledgers: [], sinceMs: 0 };
  const look = async () => {
    const askedAtMs = Date.now();
    const ledgers = await Promise.all(admins.map((admin) => admin.ledger()));
    const signature = signatureOf(ledgers);
    quiet = { ledgers, sinceMs: signature === last ? quiet.sinceMs : askedAtMs };
    last = signature;
    const payments = ledgers.reduce((sum, { inFlight }) => sum + inFlight.payments + inFlight.packets, 0);
    if (payments > 0) return `${plural(payments, 'payment')} under way`;
    const settlements = ledgers.reduce((sum, { inFlight }) => sum + inFlight.settlements, 0);
    if (settlements > 0) return `${plural(settlements, 'settlement')} under way`;
    return Date.now() - quiet.sinceMs >= CALM_MS ? undefined : 'payments are still being made';
  };
  await waitFor(look, { timeoutMs: CALM_WITHIN_MS, ...context }).catch((error) => {
    if (!(error instanceof WaitedTooLong)) throw error;
    throw new VerbError(`the ledgers do not come to rest: ${error.message}`, [
      'numbers can be compared only while nothing changes: let a running seed or load end first',
    ]);
  });
  return quiet;
}

/** Equal for two looks exactly when nothing has happened between them. */
export function signatureOf(ledgers: readonly LedgerReport[]): string {
  return JSON.stringify(
    ledgers.map(({ ase, totals, gauges, inFlight }) => ({ ase, totals, gauges, inFlight })),
  );
}

export const pause = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });
