import type { Ledger } from '../ledger/types.ts';

/** Checks payments against their money and their totals. Empty when all agrees; else one line for each fault. */
export function auditPayments(ledger: Pick<Ledger, 'read' | 'totals'>): string[] {
  return [...auditTotals(ledger), ...auditAccounts(ledger)];
}

/** The durable totals must be what the payments themselves add up to. */
function auditTotals(ledger: Pick<Ledger, 'read' | 'totals'>): string[] {
  const expected = new Map<string, bigint>();
  const add = (key: string, value: bigint) => expected.set(key, (expected.get(key) ?? 0n) + value);
  const sums = [
    [
      'incoming',
      'SELECT state, COUNT(*) AS payments, SUM(received_units) AS units FROM incoming_payments GROUP BY state',
    ],
    [
      'outgoing',
      'SELECT state, COUNT(*) AS payments, SUM(sent_units) AS units FROM outgoing_payments GROUP BY state',
    ],
  ] as const;
  for (const [direction, statement] of sums) {
    for (const row of ledger.read.all<{ state: string; payments: bigint; units: bigint | null }>(statement)) {
      const isEnd = row.state === 'COMPLETED' || row.state === 'FAILED' || row.state === 'EXPIRED';
      if (isEnd) add(`payments_total ${direction} ${row.state.toLowerCase()}`, row.payments);
      add(`payment_amount_units_total ${direction}`, row.units ?? 0n);
    }
  }
  const booked = new Map<string, bigint>();
  for (const { quantity, labels, value } of ledger.totals()) {
    if (quantity !== 'payments_total' && quantity !== 'payment_amount_units_total') continue;
    const key = [quantity, labels.direction, labels.state].filter(Boolean).join(' ');
    booked.set(key, (booked.get(key) ?? 0n) + value);
  }
  return [...new Set([...expected.keys(), ...booked.keys()])].flatMap((key) => {
    const want = expected.get(key) ?? 0n;
    const have = booked.get(key) ?? 0n;
    return want === have ? [] : [`Total ${key} is ${have}, the payments make ${want}`];
  });
}

/** The account of a payment that has ended is empty. */
function auditAccounts({ read }: Pick<Ledger, 'read'>): string[] {
  const rows = read.all<{ id: string; state: string; sent_units: bigint | null }>(
    `SELECT id, state, sent_units FROM outgoing_payments
     ORDER BY seq DESC LIMIT ${AUDITED_PAYMENTS}`,
  );
  return rows.flatMap(({ id, state, sent_units: sentUnits }) => {
    const balanceUnits = read.account(`payment:${id}`)?.balanceUnits;
    if (balanceUnits === undefined) return [`Payment ${id} has no account`];
    const hasEnded = state === 'COMPLETED' || state === 'FAILED';
    if (hasEnded && balanceUnits !== 0n) return [`Payment ${id} has ended with ${balanceUnits} units left`];
    return hasEnded === (sentUnits !== null)
      ? []
      : [`Payment ${id} is ${state} with sent amount ${sentUnits}`];
  });
}

// A report must stay quick; older payments were audited when they were new.
const AUDITED_PAYMENTS = 1_000;
