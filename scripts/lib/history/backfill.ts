import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { aseUrl } from '../aseComponents.ts';
import { dataFolder } from '../component.ts';
import { VerbError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { ensureTools } from '../tools/ensure.ts';
import { type AseName, END_ASES, topology } from '../topology.ts';
import { makeBlocks } from './blocks.ts';
import { writeBooks } from './books.ts';
import { writeOpenMetrics } from './openMetrics.ts';
import { type PastPayment, pastPayments, STEP_MS } from './plan.ts';

export interface BackfillRequest {
  days: number;
  seed: number;
  paymentsPerDay: number;
}

export interface BackfillReport extends BackfillRequest {
  from: string;
  until: string;
  payments: number;
  samples: number;
  ases: { ase: string; asset: string; sent: Side; received: Side }[];
  seconds: number;
}

interface Side {
  payments: number;
  units: string;
}

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

const DAY_MS = 86_400_000;

/** Whether a playground has data already: a past can only be put before everything else. */
function hasData(settings: Settings): boolean {
  const isFilled = (folder: string) => existsSync(folder) && readdirSync(folder).length > 0;
  return ([...END_ASES, 'prometheus', 'chain'] as const).some((name) => isFilled(dataFolder(settings, name)));
}

/**
 * Gives a playground that has never run a past: both ASEs' ledgers, and Prometheus' blocks.
 * @throws VerbError when there is data already; whatever fails, nothing half-made is left
 */
export async function backfill(
  settings: Settings,
  request: BackfillRequest,
  context: Context,
): Promise<BackfillReport> {
  if (hasData(settings)) {
    throw new VerbError('this playground has data already, and a past can only come before it', [
      './playground down --volumes forgets it',
    ]);
  }
  const startedAtMs = Date.now();
  const { promtool } = await ensureTools(['promtool'], context);
  const untilMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  const fromMs = untilMs - request.days * DAY_MS;
  const payments = [...pastPayments({ ...request, untilMs })];
  const ases = topology(1);
  const folders = [...END_ASES, 'prometheus' as const].map((name) => dataFolder(settings, name));
  try {
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    const text = path.join(dataFolder(settings, 'prometheus'), 'history.txt');
    const samples = await writeOpenMetrics(text, ases, payments, { fromMs, untilMs });
    const blocks = makeBlocks(promtool, text, dataFolder(settings, 'prometheus'), context);
    for (const ase of ases) {
      const file = path.join(dataFolder(settings, ase.name), 'ledger.sqlite');
      await writeBooks(file, { ase, urlOf: (name) => aseUrl(settings, name as AseName) }, payments);
    }
    await blocks;
    rmSync(text);
    return {
      ...request,
      from: new Date(fromMs).toISOString(),
      until: new Date(untilMs).toISOString(),
      payments: payments.length,
      samples,
      ases: ases.map(({ name, assetCode }) => ({ ase: name, asset: assetCode, ...sidesOf(name, payments) })),
      seconds: Math.round((Date.now() - startedAtMs) / 100) / 10,
    };
  } catch (error) {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function sidesOf(ase: string, payments: readonly PastPayment[]): { sent: Side; received: Side } {
  const sent = payments.filter(({ from }) => from === ase);
  const received = payments.filter(({ to }) => to === ase);
  const sum = (units: readonly bigint[]) => units.reduce((total, one) => total + one, 0n).toString();
  return {
    sent: { payments: sent.length, units: sum(sent.map(({ sentUnits }) => sentUnits)) },
    received: { payments: received.length, units: sum(received.map(({ receivedUnits }) => receivedUnits)) },
  };
}
