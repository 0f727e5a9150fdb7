import type { LedgerCounter } from '../../../telemetry/catalogue.ts';
import type { Ase } from '../topology.ts';
import type { PastPayment } from './plan.ts';

/** A counter that payments move. */
export interface Counter {
  quantity: LedgerCounter;
  labels: Record<string, string>;
}

/** By how much a payment moves each counter of an ASE; the order of the counters is always the same. */
export function increments(ase: Ase, payment: PastPayment): bigint[] {
  const isSender = payment.from === ase.name;
  return countersFor(ase).map(({ by }) => by(payment, isSender));
}

/** The counters of an ASE that payments move. */
export function counters(ase: Ase): Counter[] {
  return countersFor(ase).map(({ quantity, labels }) => ({ quantity, labels }));
}

/** Their values after all payments. */
export function countersOf(ase: Ase, payments: readonly PastPayment[]): [Counter, bigint][] {
  const sums = countersFor(ase).map(() => 0n);
  for (const payment of payments) for (const [i, by] of increments(ase, payment).entries()) sums[i]! += by;
  return counters(ase).map((counter, i) => [counter, sums[i]!]);
}

type Rule = Counter & { by: (payment: PastPayment, isSender: boolean) => bigint };

const RULES = new Map<string, Rule[]>();

function countersFor(ase: Ase): Rule[] {
  const known = RULES.get(ase.name);
  if (known) return known;
  const asset = ase.assetCode;
  const peer_id = ase.peers[0]!.id;
  const packets = ({ packets }: PastPayment) => BigInt(packets);
  /** The rate probe of the quote. */
  const probe = () => 1n;
  const rules: Rule[] = [
    ...(['outgoing', 'incoming'] as const).flatMap((direction): Rule[] => {
      const isOurs = (isSender: boolean) => isSender === (direction === 'outgoing');
      return [
        {
          quantity: 'payments_total',
          labels: { direction, state: 'completed', asset },
          by: (_payment, isSender) => (isOurs(isSender) ? 1n : 0n),
        },
        {
          quantity: 'payment_amount_units_total',
          labels: { direction, asset },
          by: ({ sentUnits, receivedUnits }, isSender) => {
            if (!isOurs(isSender)) return 0n;
            return isSender ? sentUnits : receivedUnits;
          },
        },
      ];
    }),
    {
      quantity: 'ilp_packets_processed_total',
      labels: { type: 'prepare', status: 'fulfilled' },
      by: packets,
    },
    { quantity: 'ilp_packets_processed_total', labels: { type: 'fulfill', status: 'valid' }, by: packets },
    {
      quantity: 'ilp_packets_processed_total',
      labels: { type: 'prepare', status: 'unfulfillable' },
      by: probe,
    },
    { quantity: 'ilp_packets_processed_total', labels: { type: 'reject', status: 'final' }, by: probe },
    {
      quantity: 'account_credits_total',
      labels: { peer_id },
      by: ({ settledUnits }, isSender) => (isSender ? settledUnits : 0n),
    },
    {
      quantity: 'account_debits_total',
      labels: { peer_id },
      by: ({ settledUnits }, isSender) => (isSender ? 0n : settledUnits),
    },
  ];
  RULES.set(ase.name, rules);
  return rules;
}
