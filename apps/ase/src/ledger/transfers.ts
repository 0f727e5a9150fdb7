import { type AccountRow, assertAsset, balanceOf, getRow, getRowByNumber, saveRow } from './accounts.ts';
import type { Database } from './database.ts';
import { LedgerError } from './errors.ts';
import type { TransferLeg } from './types.ts';

/** First phase: every leg reserves its amount on both sides, so that a later post cannot fail for want of money. */
export function prepareTransfer(
  db: Database,
  transfer: { id: string; legs: readonly TransferLeg[]; expiresAtMs: number },
  nowMs: number,
): void {
  insertTransfer(db, transfer.id, 'pending', nowMs, transfer.expiresAtMs);
  enterLegs(db, transfer, (debit, credit, amountUnits) => {
    debit.pending_debit_units += amountUnits;
    credit.pending_credit_units += amountUnits;
  });
}

/** Both phases at once. Legs apply in their order: a later one can spend what an earlier one brought. */
export function postAtOnce(
  db: Database,
  transfer: { id: string; legs: readonly TransferLeg[] },
  nowMs: number,
): void {
  insertTransfer(db, transfer.id, 'posted', nowMs, null);
  enterLegs(db, transfer, (debit, credit, amountUnits) => {
    debit.posted_debit_units += amountUnits;
    credit.posted_credit_units += amountUnits;
  });
}

/** Second phase: the reserved amounts become real. */
export function postTransfer(db: Database, id: string, nowMs: number): void {
  for (const { debit, credit, amount_units } of finish(db, id, 'posted', BigInt(nowMs))) {
    release(db, debit, credit, amount_units, (from, to) => {
      from.posted_debit_units += amount_units;
      to.posted_credit_units += amount_units;
    });
  }
}

/** Second phase: the reserved amounts are free again. */
export function voidTransfer(db: Database, id: string): void {
  for (const { debit, credit, amount_units } of finish(db, id, 'voided', null)) {
    release(db, debit, credit, amount_units, () => {});
  }
}

export function listPending(db: Pick<Database, 'all'>, prefix: string): string[] {
  return db
    .all<{ id: string }>(
      `SELECT id FROM transfers WHERE state = 'pending' AND substr(id, 1, ?) = ?`,
      BigInt(prefix.length),
      prefix,
    )
    .map(({ id }) => id);
}

const INT64_MAX = 2n ** 63n - 1n;

interface LegRow {
  debit: bigint;
  credit: bigint;
  amount_units: bigint;
}

function insertTransfer(
  db: Database,
  id: string,
  state: 'pending' | 'posted',
  nowMs: number,
  expiresAtMs: number | null,
): void {
  if (db.get('SELECT 1 FROM transfers WHERE id = ?', id)) {
    throw new LedgerError('duplicate_transfer', `There is a transfer ${id} already`);
  }
  db.run(
    'INSERT INTO transfers (id, state, created_at_ms, expires_at_ms, posted_at_ms) VALUES (?, ?, ?, ?, ?)',
    id,
    state,
    BigInt(nowMs),
    expiresAtMs === null ? null : BigInt(expiresAtMs),
    state === 'posted' ? BigInt(nowMs) : null,
  );
}

function enterLegs(
  db: Database,
  transfer: { id: string; legs: readonly TransferLeg[] },
  enter: (debit: AccountRow, credit: AccountRow, amountUnits: bigint) => void,
): void {
  if (transfer.legs.length === 0) {
    throw new LedgerError('invalid_transfer', `Transfer ${transfer.id} moves nothing`);
  }
  transfer.legs.forEach((leg, position) => {
    if (leg.amountUnits < 0n || leg.amountUnits > INT64_MAX || leg.debit === leg.credit) {
      throw new LedgerError(
        'invalid_transfer',
        `Transfer ${transfer.id} cannot move ${leg.amountUnits} units from ${leg.debit} to ${leg.credit}`,
      );
    }
    const debit = getRow(db, leg.debit);
    const credit = getRow(db, leg.credit);
    assertAsset(credit, debit.asset_code, debit.asset_scale);
    assertCanPay(debit, leg.amountUnits);
    assertCanTake(credit, leg.amountUnits);
    assertInRange(debit, debit.posted_debit_units + debit.pending_debit_units + leg.amountUnits);
    assertInRange(credit, credit.posted_credit_units + credit.pending_credit_units + leg.amountUnits);
    enter(debit, credit, leg.amountUnits);
    saveRow(db, debit);
    saveRow(db, credit);
    db.run(
      `INSERT INTO legs (transfer, position, debit, credit, amount_units)
       VALUES ((SELECT number FROM transfers WHERE id = ?), ?, ?, ?, ?)`,
      transfer.id,
      BigInt(position),
      debit.number,
      credit.number,
      leg.amountUnits,
    );
  });
}

// Pending debits count as spent and pending credits as not yet there: no order of posts and voids breaks a limit.
function assertCanPay(row: AccountRow, amountUnits: bigint): void {
  if (row.min_balance_units === null) return;
  const leftUnits = balanceOf(row) - row.pending_debit_units - amountUnits;
  if (leftUnits >= row.min_balance_units) return;
  throw new LedgerError(
    'insufficient_balance',
    `Account ${row.id} cannot pay ${amountUnits} units: it would stand at ${leftUnits}, its minimum is ${row.min_balance_units}`,
  );
}

function assertCanTake(row: AccountRow, amountUnits: bigint): void {
  if (row.max_balance_units === null) return;
  const fullUnits = balanceOf(row) + row.pending_credit_units + amountUnits;
  if (fullUnits <= row.max_balance_units) return;
  throw new LedgerError(
    'limit_exceeded',
    `Account ${row.id} cannot take ${amountUnits} units: it would stand at ${fullUnits}, its maximum is ${row.max_balance_units}`,
  );
}

/** The sums include reservations, so that posting them later stays in range as well. */
function assertInRange(row: AccountRow, sumUnits: bigint): void {
  if (sumUnits <= INT64_MAX) return;
  throw new LedgerError('limit_exceeded', `A sum of account ${row.id} would pass 2^63 - 1`);
}

function finish(db: Database, id: string, state: 'posted' | 'voided', postedAtMs: bigint | null): LegRow[] {
  const { changes } = db.run(
    `UPDATE transfers SET state = ?, posted_at_ms = ? WHERE id = ? AND state = 'pending'`,
    state,
    postedAtMs,
    id,
  );
  if (changes === 0) throw new LedgerError('not_pending', `Transfer ${id} is not pending`);
  return db.all<LegRow>(
    `SELECT debit, credit, amount_units FROM legs
     WHERE transfer = (SELECT number FROM transfers WHERE id = ?) ORDER BY position`,
    id,
  );
}

function release(
  db: Database,
  debitNumber: bigint,
  creditNumber: bigint,
  amountUnits: bigint,
  post: (debit: AccountRow, credit: AccountRow) => void,
): void {
  const debit = getRowByNumber(db, debitNumber);
  const credit = getRowByNumber(db, creditNumber);
  debit.pending_debit_units -= amountUnits;
  credit.pending_credit_units -= amountUnits;
  post(debit, credit);
  saveRow(db, debit);
  saveRow(db, credit);
}
