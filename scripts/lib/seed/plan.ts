import { type Order, orders } from '../../../apps/traffic/src/orders.ts';
import { END_ASES, WALLETS } from '../topology.ts';

type EndAse = (typeof END_ASES)[number];

export interface SeedRequest {
  payments: number;
  seed: number;
  from?: EndAse | undefined;
  to?: EndAse | undefined;
}

/** The payments of a seed. A longer list begins with the shorter one. */
export function planPayments({ payments, seed, from, to }: SeedRequest): Order[] {
  const routes = END_ASES.flatMap((payer) =>
    END_ASES.filter((payee) => payee !== payer).map((payee) => ({ from: payer, to: payee })),
  ).filter((route) => (from ?? route.from) === route.from && (to ?? route.to) === route.to);
  const book = orders(seed, { wallets: WALLETS, routes });
  return Array.from({ length: payments }, () => book.next().value);
}
