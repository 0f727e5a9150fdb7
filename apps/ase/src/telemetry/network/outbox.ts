import type { Ledger, LedgerTx, TxSql } from '../../ledger/types.ts';

/** Something that happened and is to be told to the network, noted in the commit in which it happened. */
export type Entry =
  /** `units` are base units, at most 2^53 − 1; undefined where there was no rate for the asset. */
  | { kind: 'fulfill'; units: number | undefined; asset: string }
  | { kind: 'reject' }
  /** An outgoing payment that moved value has ended; `units` is its fee. */
  | { kind: 'transaction'; units: number | undefined; asset: string };

/** Entries as they are kept: all of one commit together. */
export interface Notes {
  /** Of each fulfilled packet that has one. */
  amounts: number[];
  rejected: number;
  /** Of each payment; null where there was no rate. */
  fees: (number | null)[];
  /** The asset of each fulfilled packet without a rate. */
  unconverted: string[];
}

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
export function defineNetworkTables({ define, read }: Pick<Ledger, 'define' | 'read'>): void {
  define(TABLES);
  if (read.get("SELECT 1 FROM sqlite_schema WHERE name = 'network_outbox'")) define(FROM_ROWS);
}

/**
 * All that a packet costs in the commit that ends it is its place in a list: a commit writes one row for all of its
 * packets. What they add up to is worked out at the next release.
 */
export const note = (tx: LedgerTx, entry: Entry): void => tx.gather(writeNotes, entry);

function writeNotes(sql: TxSql, entries: readonly Entry[]): void {
  const { amounts, rejected, fees, unconverted } = notesOf(entries);
  sql.run(
    'INSERT INTO network_notes (amounts, rejected, fees, unconverted) VALUES (?, ?, ?, ?)',
    JSON.stringify(amounts),
    BigInt(rejected),
    JSON.stringify(fees),
    JSON.stringify(unconverted),
  );
}

function notesOf(entries: readonly Entry[]): Notes {
  const notes = noNotes();
  for (const entry of entries) {
    if (entry.kind === 'reject') notes.rejected += 1;
    else if (entry.kind === 'transaction') notes.fees.push(entry.units ?? null);
    else if (entry.units === undefined) notes.unconverted.push(entry.asset);
    else notes.amounts.push(entry.units);
  }
  return notes;
}

const noNotes = (): Notes => ({ amounts: [], rejected: 0, fees: [], unconverted: [] });

/** Rows that are looked at for one commit of a release. */
const MAX_ROWS = 500;

/**
 * Takes the oldest out, whole commits in the order in which they were noted.
 * @param enough no more are taken once there are so many
 * @returns with whether they were all
 */
export function takeOldest({ sql }: LedgerTx, enough: number): { notes: Notes; isAll: boolean } {
  const rows = sql.all<NotesRow>('SELECT * FROM network_notes ORDER BY id LIMIT ?', BigInt(MAX_ROWS));
  const notes = noNotes();
  let taken = 0;
  while (taken < rows.length && countOf(notes) < enough) add(notes, rows[taken++]!);
  const isAll = taken === rows.length && rows.length < MAX_ROWS;
  // Without a condition SQLite drops the pages and looks at no row.
  if (isAll) sql.run('DELETE FROM network_notes');
  else sql.run('DELETE FROM network_notes WHERE id <= ?', rows[taken - 1]!.id);
  return { notes, isAll };
}

interface NotesRow {
  id: bigint;
  amounts: string;
  rejected: bigint;
  fees: string;
  unconverted: string;
}

function add(notes: Notes, { amounts, rejected, fees, unconverted }: NotesRow): void {
  for (const units of JSON.parse(amounts) as Notes['amounts']) notes.amounts.push(units);
  notes.rejected += Number(rejected);
  for (const units of JSON.parse(fees) as Notes['fees']) notes.fees.push(units);
  for (const asset of JSON.parse(unconverted) as Notes['unconverted']) notes.unconverted.push(asset);
}

const countOf = ({ amounts, rejected, fees, unconverted }: Notes): number =>
  amounts.length + rejected + fees.length + unconverted.length;

export function isEmpty({ read }: Pick<Ledger, 'read'>): boolean {
  return read.get('SELECT 1 FROM network_notes LIMIT 1') === undefined;
}

/** How many packets and payments wait. */
export function waiting(ledger: Pick<Ledger, 'read'>): number {
  const { fulfilled, rejected, transactions } = waitingSums(ledger);
  return Number(fulfilled + rejected + transactions);
}

/** What notes add up to. */
export function sumOf({ amounts, rejected, fees, unconverted }: Notes): Sums {
  return {
    fulfilled: BigInt(amounts.length + unconverted.length),
    rejected: BigInt(rejected),
    amountUnits: exactSum(amounts),
    transactions: BigInt(fees.length),
    feeUnits: exactSum(fees),
  };
}

/** Of whole numbers from 0 to 2^53 − 1, whatever it comes to. */
function exactSum(values: readonly (number | null)[]): bigint {
  let sum = 0n;
  let part = 0;
  for (const value of values) {
    const next = part + (value ?? 0);
    if (next <= Number.MAX_SAFE_INTEGER) {
      part = next;
      continue;
    }
    sum += BigInt(part);
    part = value ?? 0;
  }
  return sum + BigInt(part);
}

/** What waits, summed by the database: nobody has to hold it. */
export function waitingSums({ read }: Pick<Ledger, 'read'>): Sums {
  const sum = (of: string, list: string) =>
    `(SELECT ${of} FROM network_notes, json_each(network_notes.${list}) AS each)`;
  return read.get<Sums & object>(`SELECT
    ${sum('COUNT(*)', 'amounts')} + ${sum('COUNT(*)', 'unconverted')} AS fulfilled,
    (SELECT ifnull(SUM(rejected), 0) FROM network_notes) AS rejected,
    ${sum('ifnull(SUM(each.value), 0)', 'amounts')} AS amountUnits,
    ${sum('COUNT(*)', 'fees')} AS transactions,
    ${sum('ifnull(SUM(each.value), 0)', 'fees')} AS feeUnits`)!;
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
  -- One row a commit; the lists are JSON, see Notes.
  CREATE TABLE IF NOT EXISTS network_notes (
    id INTEGER PRIMARY KEY,
    amounts TEXT NOT NULL,
    rejected INTEGER NOT NULL,
    fees TEXT NOT NULL,
    unconverted TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS network_released (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS network_privacy (
    quantity TEXT NOT NULL,
    mechanism TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (quantity, mechanism)
  ) STRICT, WITHOUT ROWID;
`;

/** What an earlier version has left, which noted a row for each packet. */
const FROM_ROWS = `
  BEGIN;
  INSERT INTO network_notes (amounts, rejected, fees, unconverted)
    SELECT
      json_group_array(units) FILTER (WHERE kind = 0 AND units IS NOT NULL),
      COUNT(*) FILTER (WHERE kind = 1),
      json_group_array(units) FILTER (WHERE kind = 2),
      json_group_array(asset) FILTER (WHERE kind = 0 AND units IS NULL)
    FROM network_outbox GROUP BY id / 1000;
  DROP TABLE network_outbox;
  COMMIT;
`;
