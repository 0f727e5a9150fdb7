import type { Admin } from '../admin.ts';
import type { TruthRow } from '../truth/row.ts';

/** Who sends the packets of the script, by whose peer's token, and who gets them. */
export const PACKETS = { from: 'happy-life', to: 'cloud-nine' } as const;

/** How many Prepares an ASE has fulfilled so far. */
export async function fulfilledBy(admin: Admin): Promise<bigint> {
  const { totals } = await admin.ledger();
  const found = totals.find(
    ({ quantity, labels }) =>
      quantity === 'ilp_packets_processed_total' &&
      labels.type === 'prepare' &&
      labels.status === 'fulfilled',
  );
  return BigInt(found?.value ?? 0);
}

/** The packets of a run as the ledger counted them, beside k6's own count. */
export function packetRow(ledger: bigint, k6: number): TruthRow {
  return {
    quantity: 'ilp_packets_processed_total',
    ase: PACKETS.to,
    labels: { type: 'prepare', status: 'fulfilled' },
    ledger: ledger.toString(),
    sdk: String(k6),
    collector: null,
    prometheus: null,
    panel: null,
    where: null,
    equal: ledger.toString() === String(k6),
  };
}
