import { type AccountRow, assertAsset, balanceOf, getRow, getRowByNumber } from './accounts.ts';
import type { Books } from './books.ts';
import { LedgerError } from './errors.ts';
import type { HeldLeg } from './heldTransfers.ts';
import type { TransferLeg } from './types.ts';

/** First phase: every leg reserves its amount on both sides, so that a later post cannot fail for want of money. */
export function prepareTransfer(
  books: Books,
  transfer: { id: string; legs: readonly TransferLeg[]; expiresAtMs: number },
  nowMs: number,
): void {
  const number = insertTransfer(books, transfer.id, 'pending', nowMs, transfer.expiresAtMs);
  const legs = enterLegs(books, number, transfer, (debit, credit, amountUnits) => {
    debit.pending_debit_units += amountUnits;
    credit.pending_credit_units += amountUnits;
  });
  books.held.keep(transfer.id, { number, legs });
}

/** Both phases at once. Legs apply in their order: a later one can spend what an earlier one brought. */
export function postAtOnce(
  books: Books,
  transfer: { id: string; legs: readonly TransferLeg[] },
  nowMs: number,
): void {
  const number = insertTransfer(books, transfer.id, 'posted', nowMs, null);
  enterLegs(books, number, transfer, (debit, credit, amountUnits) => {
    debit.posted_debit_units += amountUnits;
    credit.posted_credit_units += amountUnits;
  });
}

/** Second phase: the reserved amounts become real. */
export function postTransfer(books: Books, id: string, nowMs: number): void {
  for (const { debit, credit, amount_units } of finish(books, id, 'posted', BigInt(nowMs))) {
    release(books, debit, credit, amount_units, (from, to) => {
      from.posted_debit_units += amount_units;
      to.posted_credit_units += amount_units;
    });
  }
}

/** Second phase: the reserved amounts are free again. */
export function voidTransfer(books: Books, id: string): void {
  for (const { debit, credit, amount_units } of finish(books, id, 'voided', null)) {
    release(books, debit, credit, amount_units, () => {});
  }
}

const INT64_MAX = 2n ** 63n - 1n;

function insertTransfer(
  books: Books,
  id: string,
  state: 'pending' | 'posted',
  nowMs: number,
  expiresAtMs: number | null,
): bigint {
  const number = books.insert(
    `INSERT INTO transfers (id, state, created_at_ms, expires_at_ms, posted_at_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
    id,
    state,
    BigInt(nowMs),
    expiresAtMs === null ? null : BigInt(expiresAtMs),
    state === 'posted' ? BigInt(nowMs) : null,
  );
  if (number === undefined) {
    throw new LedgerError('duplicate_transfer', `There is a transfer ${id} already`);
  }
  return number;
}

function enterLegs(
  books: Books,
  number: bigint,
  transfer: { id: string; legs: readonly TransferLeg[] },
  enter: (debit: AccountRow, credit: AccountRow, amountUnits: bigint) => void,
): HeldLeg[] {
  if (transfer.legs.length === 0) {
    throw new LedgerError('invalid_transfer', `Transfer ${transfer.id} moves nothing`);
  }
  return transfer.legs.map((leg, position) => {
    if (leg.amountUnits < 0n || leg.amountUnits > INT64_MAX || leg.debit === leg.credit) {
      throw new LedgerError(
        'invalid_transfer',
        `Transfer ${transfer.id} cannot move ${leg.amountUnits} units from ${leg.debit} to ${leg.credit}`,
      );
    }
    const debit = getRow(books, leg.debit);
    const credit = getRow(books, leg.credit);
    assertAsset(credit, debit.asset_code, debit.asset_scale);
    assertCanPay(debit, leg.amountUnits);
    assertCanTake(credit, leg.amountUnits);
    assertInRange(debit, debit.posted_debit_units + debit.pending_debit_units + leg.amountUnits);
    assertInRange(credit, credit.posted_credit_units + credit.pending_credit_units + leg.amountUnits);
    books.accountRows.willChange(debit);
    books.accountRows.willChange(credit);
    enter(debit, credit, leg.amountUnits);
    books.run(
      'INSERT INTO legs (transfer, position, debit, credit, amount_units) VALUES (?, ?, ?, ?, ?)',
      number,
      BigInt(position),
      debit.number,
      credit.number,
      leg.amountUnits,
    );
    return { debit: debit.number, credit: credit.number, amount_units: leg.amountUnits };
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

function finish(
  books: Books,
  id: string,
  state: 'posted' | 'voided',
  postedAtMs: bigint | null,
): readonly HeldLeg[] {
  const held = books.held.take(id);
  // By number it is found sooner; by id too, because a commit that failed may have left its number to another.
  const isFound =
    held &&
    books.run(
      `UPDATE transfers SET state = ?, posted_at_ms = ? WHERE number = ? AND id = ? AND state = 'pending'`,
      state,
      postedAtMs,
      held.number,
      id,
    ).changes === 1;
  return isFound ? held.legs : finishByFile(books, id, state, postedAtMs);
}

function finishByFile(
  books: Books,
  id: string,
  state: 'posted' | 'voided',
  postedAtMs: bigint | null,
): HeldLeg[] {
  const finished = books.get<{ number: bigint }>(
    `UPDATE transfers SET state = ?, posted_at_ms = ? WHERE id = ? AND state = 'pending' RETURNING number`,
    state,
    postedAtMs,
    id,
  );
  if (!finished) throw new LedgerError('not_pending', `Transfer ${id} is not pending`);
  return books.all<HeldLeg>(
    'SELECT debit, credit, amount_units FROM legs WHERE transfer = ? ORDER BY position',
    finished.number,
  );
}

function release(
  books: Books,
  debitNumber: bigint,
  creditNumber: bigint,
  amountUnits: bigint,
  post: (debit: AccountRow, credit: AccountRow) => void,
): void {
  const debit = getRowByNumber(books, debitNumber);
  const credit = getRowByNumber(books, creditNumber);
  books.accountRows.willChange(debit);
  books.accountRows.willChange(credit);
  debit.pending_debit_units -= amountUnits;
  credit.pending_credit_units -= amountUnits;
  post(debit, credit);
}
