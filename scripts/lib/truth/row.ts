/** The places that a number passes on its way from the books to the eye. */
export type Hop = 'sdk' | 'collector' | 'prometheus' | 'panel';

/** One number, as the ledger has it and as every hop that shows it does; null where it is missing. */
export interface TruthRow extends Record<Hop, string | null> {
  quantity: string;
  ase: string;
  labels: Record<string, string>;
  ledger: string | null;
  equal: boolean;
  /** Board, panel and cell, when a panel shows it. */
  where: string | null;
  /** Of what a privacy mechanism publishes: how far it is from the truth, and may be; null where nothing bounds it. */
  error?: string;
  bound?: string | null;
  /** Of what is on a chain: what the chain itself says; null where it has no answer. Such a row has no other hops. */
  chain?: string | null;
}

export interface Quantity {
  ase: string;
  quantity: string;
  labels: Record<string, string>;
}

export function keyOf({ ase, quantity, labels }: Quantity): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([ase, quantity, ...pairs]);
}
