import { NETWORK_COUNTERS, NETWORK_LABEL } from '../../../telemetry/networkCatalogue.ts';
import type { NetworkReport } from '../admin.ts';
import type { Reading } from './compare.ts';
import { keyOf, type TruthRow } from './row.ts';

/** What an ASE says of its own network telemetry while it is on. */
export type Telling = { ase: string } & Extract<NetworkReport, { enabled: true }>;

/** What hops show: `collector` may have one reading of a number for each replica, `ase` is the sender's instance. */
export interface NetworkReadings {
  collector: readonly Reading[];
  prometheus: readonly Reading[];
}

/**
 * One row for each counter that an ASE tells its network. It is equal when the published total is as near to the
 * ledger's exact one as the ASE says that it must be, the ASE's own count agrees with the ledger, and collectors (the
 * largest of the replicas) and Prometheus show the published one, digit by digit. Who else sends to the same
 * collectors is no concern of ours.
 */
export function compareNetwork(tellings: readonly Telling[], readings: NetworkReadings): TruthRow[] {
  const rows = new Map<string, TruthRow>();
  for (const telling of tellings) {
    for (const row of rowsOf(telling)) rows.set(keyOf(row), row);
  }
  const aseOf = new Map(tellings.map(({ ase, instance }) => [instance, ase]));
  for (const place of ['collector', 'prometheus'] as const) {
    for (const reading of readings[place]) {
      const ase = aseOf.get(reading.ase);
      if (ase === undefined) continue;
      // A source that is missing or not the sender's stays in the labels, and such a row belongs to nobody.
      const { source = '', ...rest } = reading.labels;
      const labels = source === reading.ase ? rest : { ...rest, source };
      const row = rowFor(rows, { ...reading, ase, labels });
      row[place] =
        place === 'collector' ? larger(row.collector, reading.value) : joined(row.prometheus, reading.value);
    }
  }
  for (const row of rows.values()) {
    row.equal &&= row.collector === row.sdk && row.prometheus === row.sdk;
  }
  return [...rows.values()];
}

/** Of each counter what the ASE itself says: the exact total, the published one, and how far apart they may be. */
function rowsOf({ ase, network, exact, counted, published, bounds, waiting }: Telling): TruthRow[] {
  return NETWORK_COUNTERS.map((quantity) => {
    const error = BigInt(published[quantity]) - BigInt(exact[quantity]);
    const bound = bounds[quantity];
    const isWithin = bound === null || (error < 0n ? -error : error) <= BigInt(bound);
    return {
      quantity,
      ase,
      labels: { [NETWORK_LABEL]: network },
      ledger: exact[quantity],
      sdk: published[quantity],
      collector: null,
      prometheus: null,
      panel: null,
      equal: isWithin && counted[quantity] === exact[quantity] && waiting === 0,
      where: null,
      error: error.toString(),
      bound,
    };
  });
}

/** A number that the ASE does not tell is as wrong as one that is lost. */
function rowFor(rows: Map<string, TruthRow>, { ase, quantity, labels }: Reading): TruthRow {
  const key = keyOf({ ase, quantity, labels });
  const known = rows.get(key);
  if (known) return known;
  const nowhere = { ledger: null, sdk: null, collector: null, prometheus: null, panel: null, where: null };
  const row: TruthRow = { quantity, ase, labels, ...nowhere, equal: false };
  rows.set(key, row);
  return row;
}

/** Totals never go down, so of two replicas the one with the larger has heard the newer. */
function larger(shown: string | null, value: string): string {
  return shown === null || Number(value) > Number(shown) ? value : shown;
}

const joined = (shown: string | null, value: string): string =>
  shown === null ? value : `${shown} and ${value}`;
