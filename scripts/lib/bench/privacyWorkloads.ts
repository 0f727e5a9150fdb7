import type { RandomSource } from '../../../apps/ase/src/telemetry/privacy/randomSource.ts';

/** Payments to simulate; amounts in base units (USD, scale 4). */
export interface Workload {
  name: string;
  /** In one round. */
  payments: number;
  /** Public: larger payments go in several packets. */
  maxPacketUnits: number;
  paymentUnits(random: RandomSource): number;
}

const CENT = 100;
const DOLLAR = 100 * CENT;

export const WORKLOADS: readonly Workload[] = [
  { name: '$1 in $0.01 packets', payments: 1000, maxPacketUnits: CENT, paymentUnits: () => DOLLAR },
  { name: '$0.10 packets', payments: 10_000, maxPacketUnits: 10 * CENT, paymentUnits: () => 10 * CENT },
  {
    name: 'log-normal around $20',
    payments: 10_000,
    maxPacketUnits: 100 * DOLLAR,
    paymentUnits: (random) => Math.ceil(20 * DOLLAR * Math.exp(0.5 * normal(random))),
  },
  {
    name: '$5000 packets',
    payments: 10_000,
    maxPacketUnits: 5000 * DOLLAR,
    paymentUnits: () => 5000 * DOLLAR,
  },
  {
    name: 'uniform $100 to $1000',
    payments: 10_000,
    maxPacketUnits: 1000 * DOLLAR,
    paymentUnits: (random) => Math.ceil((100 + 900 * fraction(random)) * DOLLAR),
  },
];

/** Usual, for how long a round takes. */
export function packetsPerRound({ payments, maxPacketUnits, paymentUnits }: Workload): number {
  return payments * packetsOf(paymentUnits({ uint32: () => 2 ** 31 }), maxPacketUnits).length;
}

/** The packets of a payment: full ones, and the rest. */
export function packetsOf(paymentUnits: number, maxPacketUnits: number): number[] {
  const full = Math.floor(paymentUnits / maxPacketUnits);
  const rest = paymentUnits - full * maxPacketUnits;
  const packets = new Array<number>(full).fill(maxPacketUnits);
  return rest > 0 ? [...packets, rest] : packets;
}

/** Above 0, at most 1. */
function fraction(random: RandomSource): number {
  return (random.uint32() + 1) / 2 ** 32;
}

/** Box and Muller's. */
function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(fraction(random))) * Math.cos(2 * Math.PI * fraction(random));
}
