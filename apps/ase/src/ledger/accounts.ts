import type { Books } from './books.ts';
import type { Database } from './database.ts';
import { LedgerError } from './errors.ts';
import type { Account, AccountId, AccountKind, AccountSpec } from './types.ts';

/** An account as the file holds it: what the entry functions below work on. */
export interface AccountRow {
  number: bigint;
  id: AccountId;
  asset_code: string;
  asset_scale: bigint;
  min_balance_units: bigint | null;
  max_balance_units: bigint | null;
  pending_debit_units: bigint;
  pending_credit_units: bigint;
  posted_debit_units: bigint;
  posted_credit_units: bigint;
  folded_debit_units: bigint;
  folded_credit_units: bigint;
}

/** Opening an account again changes nothing but its limits, which follow the settings. */
export function openAccount(books: Books, spec: AccountSpec): Account {
  const existing = findRow(books, spec.id);
  if (existing) {
    assertAsset(existing, spec.assetCode, BigInt(spec.assetScale));
    books.accountRows.willChange(existing);
    existing.min_balance_units = spec.minBalanceUnits;
    existing.max_balance_units = spec.maxBalanceUnits;
    books.run(
      'UPDATE accounts SET min_balance_units = ?, max_balance_units = ? WHERE number = ?',
      spec.minBalanceUnits,
      spec.maxBalanceUnits,
      existing.number,
    );
  } else {
    books.run(
      `INSERT INTO accounts (id, asset_code, asset_scale, min_balance_units, max_balance_units)
       VALUES (?, ?, ?, ?, ?)`,
      spec.id,
      spec.assetCode,
      BigInt(spec.assetScale),
      spec.minBalanceUnits,
      spec.maxBalanceUnits,
    );
  }
  return toAccount(getRow(books, spec.id));
}

/** As the commit that is under way has it. */
export function accountInCommit(books: Books, id: AccountId): Account | undefined {
  const row = findRow(books, id);
  return row && toAccount(row);
}

/** As the file has it. */
export function findAccount(db: Pick<Database, 'get'>, id: AccountId): Account | undefined {
  const row = readRow(db, id);
  return row && toAccount(row);
}

export function listAccounts(db: Database, kind?: AccountKind): Account[] {
  const rows =
    kind === undefined
      ? db.all<AccountRow>('SELECT * FROM accounts ORDER BY id')
      : // The half-open range of all ids that begin with `kind:`; it can use the index, LIKE cannot.
        db.all<AccountRow>(
          'SELECT * FROM accounts WHERE id >= ? AND id < ? ORDER BY id',
          `${kind}:`,
          `${kind};`,
        );
  return rows.map(toAccount);
}

/** The row of an account that must exist. */
export function getRow(books: Books, id: AccountId): AccountRow {
  const row = findRow(books, id);
  if (!row) throw new LedgerError('unknown_account', `There is no account ${id}`);
  return row;
}

export function getRowByNumber(books: Books, number: bigint): AccountRow {
  const known = books.accountRows.get(number);
  if (known) return known;
  const row = books.get<AccountRow>('SELECT * FROM accounts WHERE number = ?', number);
  if (!row) throw new LedgerError('unknown_account', `There is no account number ${number}`);
  return books.accountRows.add(row);
}

/** All of a row that changes after the account was opened. */
export const changeableOf = (row: AccountRow): Partial<AccountRow> => ({
  min_balance_units: row.min_balance_units,
  max_balance_units: row.max_balance_units,
  pending_debit_units: row.pending_debit_units,
  pending_credit_units: row.pending_credit_units,
  posted_debit_units: row.posted_debit_units,
  posted_credit_units: row.posted_credit_units,
});

export function saveRow(db: Database, row: AccountRow): void {
  db.run(
    `UPDATE accounts SET pending_debit_units = ?, pending_credit_units = ?, posted_debit_units = ?,
     posted_credit_units = ? WHERE number = ?`,
    row.pending_debit_units,
    row.pending_credit_units,
    row.posted_debit_units,
    row.posted_credit_units,
    row.number,
  );
}

export function assertAsset(row: AccountRow, assetCode: string, assetScale: bigint): void {
  if (row.asset_code === assetCode && row.asset_scale === assetScale) return;
  throw new LedgerError(
    'asset_mismatch',
    `Account ${row.id} holds ${row.asset_code} of scale ${row.asset_scale}, not ${assetCode} of scale ${assetScale}`,
  );
}

export const balanceOf = (row: AccountRow): bigint => row.posted_credit_units - row.posted_debit_units;

function findRow(books: Books, id: AccountId): AccountRow | undefined {
  const known = books.accountRows.get(id);
  if (known) return known;
  const row = readRow(books, id);
  return row && books.accountRows.add(row);
}

function readRow(db: Pick<Database, 'get'>, id: AccountId): AccountRow | undefined {
  return db.get<AccountRow>('SELECT * FROM accounts WHERE id = ?', id);
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    assetCode: row.asset_code,
    assetScale: Number(row.asset_scale),
    minBalanceUnits: row.min_balance_units,
    maxBalanceUnits: row.max_balance_units,
    balanceUnits: balanceOf(row),
    pendingDebitUnits: row.pending_debit_units,
    pendingCreditUnits: row.pending_credit_units,
    postedDebitUnits: row.posted_debit_units,
    postedCreditUnits: row.posted_credit_units,
  };
}
