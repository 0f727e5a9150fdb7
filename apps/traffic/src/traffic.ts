import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../../telemetry/logLine.ts';
import type { HttpJson } from './httpJson.ts';
import { createOpenPaymentsClient } from './openPaymentsClient.ts';
import { type Order, orders } from './orders.ts';
import { pay } from './pay.ts';
import type { Settings } from './settings.ts';

export interface TrafficOptions extends Settings {
  http: HttpJson;
  signal: AbortSignal;
  seed: number;
  log: Log;
}

/** A payment whose ASE stays away is given up; the next one is tried after a growing pause. */
const RETRY_FOR_MS = 5000;
const LONGEST_BACKOFF_MS = 15_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** Light payments to and fro until the signal aborts: enough for a living dashboard, too few to be a load. */
export async function runTraffic(options: TrafficOptions): Promise<void> {
  const { ases, wallets, http, signal, intervalMs, heartbeatFile, log } = options;
  /** Between containers an ASE is not at the URL that its clients outside know. */
  const reach = (url: string) => {
    const ase = ases.find(({ publicUrl }) => url.startsWith(`${publicUrl}/`));
    return ase ? `${ase.url}${url.slice(ase.publicUrl.length)}` : url;
  };
  const client = createOpenPaymentsClient({ http, retryForMs: RETRY_FOR_MS, signal, reach });
  const urls = new Map(ases.map(({ name, url }) => [name, url]));
  const names = ases.map(({ name }) => name);
  const routes = names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })));
  const books = routes.map((route, i) => orders(options.seed + i, { wallets, routes: [route] }));

  let failures = 0;
  for (let turn = 0; !signal.aborted; ) {
    try {
      const isResting = await isPaused(options);
      if (!isResting) {
        // To and fro in turn, so that both directions are always fresh.
        const order = books[turn++ % books.length]!.next().value;
        const outcome = await pay(client, order, {
          key: randomUUID(),
          urlOf: (ase) => urls.get(ase)!,
          signal,
        });
        if (outcome.state === 'failed')
          log('warn', 'payment failed', { ...words(order), why: outcome.failure });
      }
      if (failures > 0) log('info', 'payments flow again', { failures });
      failures = 0;
      if (heartbeatFile !== undefined) await writeFile(heartbeatFile, '');
      // The first payments of all routes follow at once: a fresh dashboard has nothing else to show.
      if (!isResting && turn < books.length) continue;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      if (failures === 1)
        log('warn', 'cannot pay, trying on', {
          why: error instanceof Error ? error.message : String(error),
        });
    }
    const pauseMs = Math.min(
      intervalMs * 2 ** Math.min(failures, 10),
      Math.max(LONGEST_BACKOFF_MS, intervalMs),
    );
    await delay(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => {});
  }
}

/** Whoever checks the numbers takes a lease on any ASE, and no new payment begins until it ends. */
async function isPaused({ ases, http, adminToken }: TrafficOptions): Promise<boolean> {
  const leases = await Promise.all(
    ases.map(async ({ url }) => {
      const headers = { authorization: `Bearer ${adminToken}` };
      const answer = await http.send({
        method: 'GET',
        url: `${url}/admin/traffic`,
        headers,
        timeoutMs: REQUEST_TIMEOUT_MS,
      });
      if (answer.status !== 200) throw new Error(`${url}/admin/traffic answers ${answer.status}`);
      return (answer.body as { pausedUntilMs: number }).pausedUntilMs > Date.now();
    }),
  );
  return leases.includes(true);
}

function words({ from, to, kind, amountUnits }: Order): Record<string, string> {
  return {
    from: `${from.ase}/${from.wallet}`,
    to: `${to.ase}/${to.wallet}`,
    kind,
    amountUnits: amountUnits.toString(),
  };
}
