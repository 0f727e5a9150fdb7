import type { Database } from './database.ts';
import { listTotals, MAX_TOTAL } from './totals.ts';

/** Recomputes the books from their transfers; one sentence for each thing that does not agree. */
export function audit(db: Database): string[] {
  return [...sumsOfAccounts(db), ...limits(db), ...assets(db), ...peerTotals(db)];
}

interface SumsRow {
  id: string;
  posted_debit: bigint;
  posted_credit: bigint;
  pending_debit: bigint;
  pending_credit: bigint;
  posted_debit_units: bigint;
  posted_credit_units: bigint;
  pending_debit_units: bigint;
  pending_credit_units: bigint;
}

/** Every sum that an account keeps equals the sum over its legs. */
function sumsOfAccounts(db: Database): string[] {
  const side = (column: string, state: string) => `
    (SELECT legs.${column} AS account, sum(amount_units) AS sum FROM legs
     JOIN transfers ON transfers.number = legs.transfer AND transfers.state = '${state}' GROUP BY legs.${column})`;
  const rows = db.all<SumsRow>(`
    SELECT id, posted_debit_units, posted_credit_units, pending_debit_units, pending_credit_units,
      folded_debit_units + coalesce(posted_d.sum, 0) AS posted_debit,
      folded_credit_units + coalesce(posted_c.sum, 0) AS posted_credit,
      coalesce(pending_d.sum, 0) AS pending_debit,
      coalesce(pending_c.sum, 0) AS pending_credit
    FROM accounts
    LEFT JOIN ${side('debit', 'posted')} posted_d ON posted_d.account = number
    LEFT JOIN ${side('credit', 'posted')} posted_c ON posted_c.account = number
    LEFT JOIN ${side('debit', 'pending')} pending_d ON pending_d.account = number
    LEFT JOIN ${side('credit', 'pending')} pending_c ON pending_c.account = number`);
  return rows.flatMap((row) =>
    (['posted_debit', 'posted_credit', 'pending_debit', 'pending_credit'] as const)
      .filter((sum) => row[sum] !== row[`${sum}_units`])
      .map((sum) => `Account ${row.id}: ${sum} is ${row[`${sum}_units`]}, its transfers say ${row[sum]}`),
  );
}

/** No account that can still be debited stands below its minimum with all reservations taken, or above its maximum. */
function limits(db: Database): string[] {
  return db
    .all<{ id: string; balance: bigint }>(`
      SELECT id, posted_credit_units - posted_debit_units AS balance FROM accounts
      WHERE balance - pending_debit_units < min_balance_units OR balance + pending_credit_units > max_balance_units`)
    .map(({ id, balance }) => `Account ${id}: its balance of ${balance} and reservations pass its limits`);
}

/** Money is neither made nor lost: legs join accounts of one asset, and all balances of an asset add up to zero. */
function assets(db: Database): string[] {
  const mixed = db.all<{ id: string }>(`
    SELECT DISTINCT transfers.id FROM legs
    JOIN transfers ON transfers.number = legs.transfer
    JOIN accounts debited ON debited.number = legs.debit
    JOIN accounts credited ON credited.number = legs.credit
    WHERE debited.asset_code <> credited.asset_code OR debited.asset_scale <> credited.asset_scale
    LIMIT 10`);
  const sums = db.all<{ asset_code: string; asset_scale: bigint; sum: bigint }>(`
    SELECT asset_code, asset_scale, sum(posted_credit_units - posted_debit_units) AS sum FROM accounts
    GROUP BY asset_code, asset_scale HAVING sum <> 0`);
  return [
    ...mixed.map(({ id }) => `Transfer ${id}: a leg joins accounts of different assets`),
    ...sums.map(
      ({ asset_code, asset_scale, sum }) =>
        `Asset ${asset_code} of scale ${asset_scale}: all balances add up to ${sum} instead of 0`,
    ),
  ];
}

/** Only packets move a peer's money, so the totals of its packets are what its account was debited and credited. */
function peerTotals(db: Database): string[] {
  const totals = new Map<string, bigint>();
  const problems: string[] = [];
  for (const { quantity, labels, value } of listTotals(db)) {
    if (value > MAX_TOTAL)
      problems.push(`Total ${quantity}${JSON.stringify(labels)}: ${value} is above 2^53 - 1`);
    if (quantity === 'account_debits_total' || quantity === 'account_credits_total') {
      totals.set(`${quantity} peer:${labels.peer_id}`, value);
    }
  }
  const peers = db.all<{ id: string; posted_debit_units: bigint; posted_credit_units: bigint }>(
    `SELECT id, posted_debit_units, posted_credit_units FROM accounts WHERE id >= 'peer:' AND id < 'peer;'`,
  );
  for (const peer of peers) {
    for (const [quantity, units] of [
      ['account_debits_total', peer.posted_debit_units],
      ['account_credits_total', peer.posted_credit_units],
    ] as const) {
      const total = totals.get(`${quantity} ${peer.id}`) ?? 0n;
      if (total !== units) problems.push(`${quantity} of ${peer.id} is ${total}, its account says ${units}`);
    }
  }
  return problems;
}
