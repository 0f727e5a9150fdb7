import type { Ledger, LedgerTx } from '../../ledger/types.ts';

/** Something that happened and is to be told to the network, noted in the commit in which it happened. */
export type Entry =
  | { kind: 'fulfill'; units: bigint | undefined; asset: string }
  | { kind: 'reject' }
  /** An outgoing payment that moved value has ended; `units` is its fee. */
  | { kind: 'transaction'; units: bigint | undefined; asset: string };

/** Exact sums, in base units where they are amounts. */
export interface Sums {
  fulfilled: bigint;
  rejected: bigint;
  amountUnits: bigint;
  transactions: bigint;
  feeUnits: bigint;
}

export const NO_SUMS: Sums = {
  fulfilled: 0n,
  rejected: 0n,
  amountUnits: 0n,
  transactions: 0n,
  feeUnits: 0n,
};

/** Creates the tables of network telemetry in the ledger's database. */
export function defineNetworkTables(ledger: Pick<Ledger, 'define'>): void {
  ledger.define(TABLES);
}

/** Short in the file, for there is a row for each packet. */
const CODES = { fulfill: 0n, reject: 1n, transaction: 2n } as const;
const KINDS = ['fulfill', 'reject', 'transaction'] as const;

/** One row: all that a packet costs in the commit that ends it. What it adds up to is worked out at the next release. */
export function note(tx: LedgerTx, entry: Entry): void {
  if (entry.kind === 'fulfill' && entry.units !== undefined) {
    // By far the most frequent.
    tx.sql.run('INSERT INTO network_outbox (units) VALUES (?)', entry.units);
    return;
  }
  const { units = null, asset = null } = entry.kind === 'reject' ? {} : entry;
  tx.sql.run(
    'INSERT INTO network_outbox (kind, units, asset) VALUES (?, ?, ?)',
    CODES[entry.kind],
    units,
    units === null ? asset : null,
  );
}

export interface Row {
  kind: Entry['kind'];
  /** In base units; null of a reject, and where there was no rate. */
  units: bigint | null;
  /** Of amounts without a rate. */
  asset: string | null;
}

/** Takes the oldest rows out, in the order in which they were noted. Fewer than `limit` are all. */
export function takeOldest({ sql }: LedgerTx, limit: number): Row[] {
  const rows = sql.all<Omit<Row, 'kind'> & { id: bigint; kind: bigint }>(
    'SELECT id, kind, units, asset FROM network_outbox ORDER BY id LIMIT ?',
    BigInt(limit),
  );
  // Without a condition SQLite drops the pages and looks at no row.
  if (rows.length < limit) sql.run('DELETE FROM network_outbox');
  else sql.run('DELETE FROM network_outbox WHERE id <= ?', rows.at(-1)!.id);
  return rows.map(({ kind, units, asset }) => ({ kind: KINDS[Number(kind)]!, units, asset }));
}

export function waiting({ read }: Pick<Ledger, 'read'>): number {
  return Number(read.get<{ rows: bigint }>('SELECT COUNT(*) AS rows FROM network_outbox')!.rows);
}

export function isEmpty({ read }: Pick<Ledger, 'read'>): boolean {
  return read.get('SELECT 1 FROM network_outbox LIMIT 1') === undefined;
}

/** What rows add up to. */
export function sumOf(rows: readonly Pick<Row, 'kind' | 'units'>[]): Sums {
  const sums = { ...NO_SUMS };
  for (const { kind, units } of rows) {
    if (kind === 'fulfill') {
      sums.fulfilled += 1n;
      sums.amountUnits += units ?? 0n;
    } else if (kind === 'reject') sums.rejected += 1n;
    else {
      sums.transactions += 1n;
      sums.feeUnits += units ?? 0n;
    }
  }
  return sums;
}

/** What waits, summed by the database: nobody has to hold the rows. */
export function waitingSums({ read }: Pick<Ledger, 'read'>): Sums {
  const groups = read.all<{ kind: bigint; rows: bigint; units: bigint | null }>(
    'SELECT kind, COUNT(*) AS rows, SUM(units) AS units FROM network_outbox GROUP BY kind',
  );
  const of = (kind: Entry['kind']) => groups.find((group) => group.kind === CODES[kind]);
  return {
    fulfilled: of('fulfill')?.rows ?? 0n,
    rejected: of('reject')?.rows ?? 0n,
    amountUnits: of('fulfill')?.units ?? 0n,
    transactions: of('transaction')?.rows ?? 0n,
    feeUnits: of('transaction')?.units ?? 0n,
  };
}

export function addSums(a: Sums, b: Sums): Sums {
  return {
    fulfilled: a.fulfilled + b.fulfilled,
    rejected: a.rejected + b.rejected,
    amountUnits: a.amountUnits + b.amountUnits,
    transactions: a.transactions + b.transactions,
    feeUnits: a.feeUnits + b.feeUnits,
  };
}

// An id is used again once its row is gone: nothing outside refers to one.
const TABLES = `
  CREATE TABLE IF NOT EXISTS network_outbox (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL DEFAULT 0,
    units INTEGER,
    asset TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS network_released (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS network_privacy (
    quantity TEXT NOT NULL,
    mechanism TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (quantity, mechanism)
  ) STRICT, WITHOUT ROWID;
`;
