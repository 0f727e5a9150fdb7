import { type AccountRow, balanceOf } from './accounts.ts';
import type { Database } from './database.ts';
import { listTotals, MAX_TOTAL } from './totals.ts';

/** Recomputes the books from their transfers; one sentence for each thing that does not agree. */
export function audit(db: Database): string[] {
  const accounts = new Map(
    db.all<AccountRow>('SELECT * FROM accounts ORDER BY id').map((row) => [row.number, row]),
  );
  const flows = db.all<Flow>(`
    SELECT debit, credit, state, sum(amount_units) AS units FROM legs
    JOIN transfers ON transfers.number = legs.transfer WHERE state <> 'voided'
    GROUP BY debit, credit, state`);
  return [
    ...sumsOfAccounts(accounts, flows),
    ...mixedAssets(accounts, flows),
    ...limits(accounts),
    ...sumsOfAssets(db),
    ...peerTotals(db),
  ];
}

type Accounts = ReadonlyMap<bigint, AccountRow>;

/** All that went from one account to another, in one pass over the transfers. */
interface Flow {
  debit: bigint;
  credit: bigint;
  state: 'pending' | 'posted';
  units: bigint;
}

/** Every sum that an account keeps equals the sum over its legs. */
function sumsOfAccounts(accounts: Accounts, flows: readonly Flow[]): string[] {
  const sums = new Map<string, bigint>();
  const add = (sum: string, units: bigint) => sums.set(sum, (sums.get(sum) ?? 0n) + units);
  for (const { debit, credit, state, units } of flows) {
    add(`${debit} ${state}_debit`, units);
    add(`${credit} ${state}_credit`, units);
  }
  return [...accounts.values()].flatMap((row) =>
    (['posted_debit', 'posted_credit', 'pending_debit', 'pending_credit'] as const).flatMap((name) => {
      const folded =
        name === 'posted_debit'
          ? row.folded_debit_units
          : name === 'posted_credit'
            ? row.folded_credit_units
            : 0n;
      const expected = (sums.get(`${row.number} ${name}`) ?? 0n) + folded;
      const kept = row[`${name}_units`];
      return kept === expected
        ? []
        : [`Account ${row.id}: ${name} is ${kept}, its transfers say ${expected}`];
    }),
  );
}

/** A leg that joins two assets would make money of one out of money of the other. */
function mixedAssets(accounts: Accounts, flows: readonly Flow[]): string[] {
  return flows.flatMap(({ debit, credit }) => {
    const from = accounts.get(debit);
    const to = accounts.get(credit);
    if (!from || !to)
      return [`A transfer moves money between accounts ${debit} and ${credit}, and not both exist`];
    return from.asset_code === to.asset_code && from.asset_scale === to.asset_scale
      ? []
      : [`A transfer moves money from ${from.id} to ${to.id}, which hold different assets`];
  });
}

/** No account stands outside its limits, with all reservations taken. */
function limits(accounts: Accounts): string[] {
  return [...accounts.values()].flatMap((row) => {
    const low = balanceOf(row) - row.pending_debit_units;
    const high = balanceOf(row) + row.pending_credit_units;
    const isBelow = row.min_balance_units !== null && low < row.min_balance_units;
    const isAbove = row.max_balance_units !== null && high > row.max_balance_units;
    return isBelow || isAbove
      ? [`Account ${row.id}: its balance of ${balanceOf(row)} and reservations pass its limits`]
      : [];
  });
}

/** Money is neither made nor lost: all balances of an asset add up to zero. */
function sumsOfAssets(db: Database): string[] {
  return db
    .all<{ asset_code: string; asset_scale: bigint; sum: bigint }>(`
      SELECT asset_code, asset_scale, sum(posted_credit_units - posted_debit_units) AS sum FROM accounts
      GROUP BY asset_code, asset_scale HAVING sum <> 0`)
    .map(
      ({ asset_code, asset_scale, sum }) =>
        `Asset ${asset_code} of scale ${asset_scale}: all balances add up to ${sum} instead of 0`,
    );
}

/**
 * Only packets and settlements move a peer's money: so what its account was debited and credited is what the totals of
 * its packets say, and what has passed the accounts of its settlements.
 */
function peerTotals(db: Database): string[] {
  const totals = new Map<string, bigint>();
  const settledTotals = new Map<string, bigint>();
  const problems: string[] = [];
  for (const { quantity, labels, value } of listTotals(db)) {
    if (value > MAX_TOTAL)
      problems.push(`Total ${quantity}${JSON.stringify(labels)}: ${value} is above 2^53 - 1`);
    if (quantity === 'account_debits_total' || quantity === 'account_credits_total') {
      totals.set(`${quantity} ${labels.peer_id}`, value);
    }
    if (quantity === 'settlement_amount_total') {
      const token = labels.token ?? '';
      settledTotals.set(token, (settledTotals.get(token) ?? 0n) + value);
    }
  }
  const accounts = db.all<PassedRow>(
    `SELECT id, asset_code, posted_debit_units, posted_credit_units FROM accounts
     WHERE id >= 'peer:' AND id < 'peer;' OR id >= 'settled:' AND id < 'settled;'`,
  );
  const passed = new Map(accounts.map(({ id, posted_debit_units }) => [id, posted_debit_units]));
  const paidByToken = new Map<string, bigint>();
  for (const { id, asset_code, posted_debit_units, posted_credit_units } of accounts) {
    if (id.startsWith('settled:')) {
      if (posted_debit_units !== posted_credit_units)
        problems.push(`Account ${id} keeps money that only passes it`);
      if (id.startsWith('settled:out:'))
        paidByToken.set(asset_code, (paidByToken.get(asset_code) ?? 0n) + posted_debit_units);
      continue;
    }
    const peer = id.slice('peer:'.length);
    const settled = (...ways: string[]) =>
      ways.reduce((sum, way) => sum + (passed.get(`settled:${way}:${peer}`) ?? 0n), 0n);
    for (const [quantity, units] of [
      ['account_debits_total', posted_debit_units - settled('out', 'lost')],
      ['account_credits_total', posted_credit_units - settled('in')],
    ] as const) {
      const total = totals.get(`${quantity} ${peer}`) ?? 0n;
      if (total !== units) problems.push(`${quantity} of ${id} is ${total}, its account says ${units}`);
    }
  }
  for (const token of new Set([...settledTotals.keys(), ...paidByToken.keys()])) {
    const [total, paid] = [settledTotals.get(token) ?? 0n, paidByToken.get(token) ?? 0n];
    if (total !== paid)
      problems.push(`settlement_amount_total of ${token} is ${total}, the accounts say ${paid}`);
  }
  return problems;
}

interface PassedRow {
  id: string;
  asset_code: string;
  posted_debit_units: bigint;
  posted_credit_units: bigint;
}
