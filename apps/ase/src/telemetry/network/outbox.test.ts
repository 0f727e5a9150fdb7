import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import fc from 'fast-check';
import { createLedger } from '../../ledger/ledger.ts';
import type { Ledger } from '../../ledger/types.ts';
import {
  addSums,
  defineNetworkTables,
  type Entry,
  isEmpty,
  NO_SUMS,
  note,
  type Sums,
  sumOf,
  takeOldest,
  waiting,
  waitingSums,
} from './outbox.ts';

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function books(): Ledger {
  const ledger = createLedger({ file: ':memory:' });
  closing.push(() => ledger.close());
  return ledger;
}

function outbox(): Ledger {
  const ledger = books();
  defineNetworkTables(ledger);
  return ledger;
}

const noteAll = (ledger: Ledger, entries: readonly Entry[]) =>
  ledger.commit((tx) => {
    for (const entry of entries) note(tx, entry);
  });

const rows = (ledger: Ledger) =>
  Number(ledger.read.get<{ rows: bigint }>('SELECT COUNT(*) AS rows FROM network_notes')!.rows);

/** By another way than the outbox: entry by entry. */
function sumsOf(entries: readonly Entry[]): Sums {
  const sums = { ...NO_SUMS };
  for (const entry of entries) {
    if (entry.kind === 'reject') sums.rejected += 1n;
    else if (entry.kind === 'fulfill') {
      sums.fulfilled += 1n;
      sums.amountUnits += BigInt(entry.units ?? 0);
    } else {
      sums.transactions += 1n;
      sums.feeUnits += BigInt(entry.units ?? 0);
    }
  }
  return sums;
}

const units = fc.option(
  fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom(2 ** 53 - 1, 2 ** 53 - 2)),
  {
    nil: undefined,
  },
);
const asset = fc.constantFrom('USD', 'EUR', 'x"y\\');
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant('fulfill' as const), units, asset }),
  fc.record({ kind: fc.constant('reject' as const) }),
  fc.record({ kind: fc.constant('transaction' as const), units, asset }),
);

test('what was noted waits until it is taken, in whole commits, once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(entry, { maxLength: 6 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 20 }),
      async (commits, enough) => {
        const ledger = outbox();
        for (const entries of commits) await noteAll(ledger, entries);
        const all = commits.flat();
        assert.deepEqual({ ...waitingSums(ledger) }, sumsOf(all));
        assert.equal(waiting(ledger), all.length);
        const takenNotes: unknown[] = [];
        let taken = NO_SUMS;
        for (;;) {
          const { notes, isAll } = await ledger.commit((tx) => takeOldest(tx, enough));
          takenNotes.push(...notes.unconverted);
          taken = addSums(taken, sumOf(notes));
          assert.deepEqual(addSums(taken, waitingSums(ledger)), sumsOf(all));
          if (isAll) break;
          assert.ok(waiting(ledger) < all.length, 'each takes something');
        }
        assert.deepEqual(taken, sumsOf(all));
        assert.deepEqual(
          takenNotes,
          all.flatMap((one) => (one.kind === 'fulfill' && one.units === undefined ? [one.asset] : [])),
        );
        assert.ok(isEmpty(ledger));
      },
    ),
    { numRuns: 50 },
  );
});

test('all that is noted in one commit, by whichever work, is one row; work that fails notes nothing', async () => {
  const ledger = outbox();
  const packet = (amount: number): Entry => ({ kind: 'fulfill', units: amount, asset: 'USD' });
  const work = [1, 20, 300, 4_000].map((amount) =>
    ledger.commit((tx) => {
      note(tx, packet(amount));
      note(tx, { kind: 'reject' });
      if (amount === 20) throw new Error('this work fails');
    }),
  );
  const ends = await Promise.allSettled(work);
  assert.deepEqual(
    ends.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
  assert.equal(rows(ledger), 1);
  assert.deepEqual(
    { ...waitingSums(ledger) },
    sumsOf([1, 300, 4_000].flatMap((a) => [packet(a), { kind: 'reject' }])),
  );
});

test('a commit without notes writes no row', async () => {
  const ledger = outbox();
  await ledger.commit(() => {});
  assert.equal(rows(ledger), 0);
});

test('rows of an earlier version, one for each packet, are taken over once', async () => {
  const ledger = books();
  ledger.define(`CREATE TABLE network_outbox (
    id INTEGER PRIMARY KEY, kind INTEGER NOT NULL DEFAULT 0, units INTEGER, asset TEXT) STRICT`);
  await ledger.commit((tx) => {
    for (let i = 1n; i <= 2_500n; i++) tx.sql.run('INSERT INTO network_outbox (units) VALUES (?)', i);
    tx.sql.run("INSERT INTO network_outbox (kind, asset) VALUES (0, 'EUR')");
    tx.sql.run('INSERT INTO network_outbox (kind) VALUES (1)');
    tx.sql.run('INSERT INTO network_outbox (kind, units) VALUES (2, 9007199254740991)');
    tx.sql.run("INSERT INTO network_outbox (kind, asset) VALUES (2, 'EUR')");
  });
  defineNetworkTables(ledger);
  defineNetworkTables(ledger);
  const { notes, isAll } = await ledger.commit((tx) => takeOldest(tx, 10_000));
  assert.ok(isAll);
  assert.deepEqual(notes, {
    amounts: Array.from({ length: 2_500 }, (_, i) => i + 1),
    rejected: 1,
    fees: [9_007_199_254_740_991, null],
    unconverted: ['EUR'],
  });
});
