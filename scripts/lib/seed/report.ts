import { columns, plural } from '../text.ts';
import type { AseName } from '../topology.ts';
import type { OrderOutcome } from './makePayments.ts';

export interface SeedReport {
  seed: number;
  payments: { requested: number; completed: number; failed: number };
  /** What left each ASE (without fees) and what arrived at each, in the smallest unit of its asset. */
  sent: AseAmount[];
  received: AseAmount[];
  /** Why payments failed, each reason once. */
  failures: string[];
}

export interface AseAmount {
  ase: string;
  asset: string;
  scale: number;
  amount: string;
}

type AseAsset = { name: AseName; assetCode: string; assetScale: number };

export function seedReport(
  { seed, payments }: { seed: number; payments: number },
  outcomes: readonly OrderOutcome[],
  ases: readonly AseAsset[],
): SeedReport {
  const completed = outcomes.filter(({ state }) => state === 'completed').length;
  const amounts = (side: 'from' | 'to', units: (outcome: OrderOutcome) => bigint): AseAmount[] =>
    ases
      .map(({ name, assetCode, assetScale }) => {
        const mine = outcomes.filter(({ order }) => order[side].ase === name);
        const amount = mine.reduce((sum, outcome) => sum + units(outcome), 0n);
        return {
          ase: name,
          asset: assetCode,
          scale: assetScale,
          amount: amount.toString(),
          count: mine.length,
        };
      })
      .filter(({ count }) => count > 0)
      .map(({ count: _count, ...amount }) => amount);
  return {
    seed,
    payments: { requested: payments, completed, failed: payments - completed },
    sent: amounts('from', ({ sentUnits }) => sentUnits),
    received: amounts('to', ({ receivedUnits }) => receivedUnits),
    failures: [...new Set(outcomes.flatMap(({ failure }) => failure ?? []))],
  };
}

export function seedText(report: SeedReport, seconds: number): string {
  const { payments, sent, received, failures } = report;
  const money = ({ amount, asset, scale }: AseAmount) => `${decimal(amount, scale)} ${asset}`;
  return [
    `${plural(payments.completed, 'payment')} completed, ${payments.failed} failed, visible in Prometheus after ${seconds.toFixed(1)} s`,
    columns(
      [
        ...sent.map((amount) => [amount.ase, 'sent', money(amount)]),
        ...received.map((amount) => [amount.ase, 'received', money(amount)]),
      ],
      '  ',
    ),
    ...failures.map((failure) => `  failed: ${failure}`),
  ].join('\n');
}

/** `12345` at scale 2 → `123.45`. */
function decimal(units: string, scale: number): string {
  const digits = units.padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
