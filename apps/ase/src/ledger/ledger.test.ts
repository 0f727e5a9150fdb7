import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createLedger } from './ledger.ts';
import { accountSpec, aliceToBob, openBooks, rejectsWith } from './testing.ts';
import type { Ledger, LedgerTx, TxSql } from './types.ts';

describe('the ledger', () => {
  let ledger: Ledger;
  const balances = (id: 'wallet:alice' | 'wallet:bob') => {
    const account = ledger.read.account(id)!;
    return [account.balanceUnits, account.pendingDebitUnits, account.pendingCreditUnits];
  };

  beforeEach(async (context) => {
    ledger = createLedger({ file: ':memory:', now: () => 1_000 });
    if ('after' in context) context.after(() => ledger.close());
    await ledger.commit(openBooks);
  });

  it('moves money in two phases', async () => {
    await ledger.commit((tx) => tx.prepare(aliceToBob('t', 30n)));
    assert.deepEqual(balances('wallet:alice'), [100n, 30n, 0n]);
    assert.deepEqual(balances('wallet:bob'), [0n, 0n, 30n]);
    await ledger.commit((tx) => tx.post('t'));
    assert.deepEqual(balances('wallet:alice'), [70n, 0n, 0n]);
    assert.deepEqual(balances('wallet:bob'), [30n, 0n, 0n]);
    assert.deepEqual(ledger.audit(), []);
  });

  it('frees what a voided transfer had reserved', async () => {
    await ledger.commit((tx) => tx.prepare(aliceToBob('t', 100n)));
    await ledger.commit((tx) => tx.void('t'));
    assert.deepEqual(balances('wallet:alice'), [100n, 0n, 0n]);
    await rejectsWith(
      'not_pending',
      ledger.commit((tx) => tx.post('t')),
    );
    await rejectsWith(
      'not_pending',
      ledger.commit((tx) => tx.void('t')),
    );
    await rejectsWith(
      'not_pending',
      ledger.commit((tx) => tx.void('never prepared')),
    );
  });

  it('counts reservations against both limits', async () => {
    await ledger.commit((tx) => tx.prepare(aliceToBob('t', 60n)));
    await rejectsWith(
      'insufficient_balance',
      ledger.commit((tx) => tx.prepare(aliceToBob('u', 41n))),
    );
    await ledger.commit((tx) =>
      tx.transfer({ id: 'v', legs: [{ debit: 'external:USD', credit: 'wallet:alice', amountUnits: 500n }] }),
    );
    await rejectsWith(
      'limit_exceeded',
      ledger.commit((tx) => tx.prepare(aliceToBob('w', 91n))),
    );
    await ledger.commit((tx) => tx.prepare(aliceToBob('x', 90n)));
  });

  describe('what pieces of work leave for the end of their commit', () => {
    const written: string[][] = [];
    const write = (_sql: unknown, items: readonly string[]) => void written.push([...items]);
    const leave = (...items: string[]) =>
      ledger.commit((tx) => items.forEach((item) => void tx.gather(write, item)));

    beforeEach(() => void written.splice(0));

    it('is written once, in its order, with their commit', async () => {
      await Promise.all([leave('a', 'b'), leave(), leave('c')]);
      await leave('d');
      await leave();
      assert.deepEqual(written, [['a', 'b', 'c'], ['d']]);
    });

    it('is taken back by a piece that fails, and by that alone', async () => {
      const other: string[][] = [];
      const writeOther = (_sql: unknown, items: readonly string[]) => void other.push([...items]);
      const failing = ledger.commit((tx) => {
        tx.gather(write, 'lost');
        tx.gather(writeOther, 'lost too');
        tx.gather(write, 'lost again');
        throw new Error('no');
      });
      await Promise.all([leave('a'), assert.rejects(failing, /no/), leave('b')]);
      assert.deepEqual([written, other], [[['a', 'b']], []]);
    });

    it('is in the file with the commit or not at all', async () => {
      ledger.define('CREATE TABLE gathered (items TEXT NOT NULL UNIQUE) STRICT');
      const insert = (sql: TxSql, items: readonly string[]) =>
        void sql.run('INSERT INTO gathered VALUES (?)', items.join());
      await ledger.commit((tx) => tx.gather(insert, 'a'));
      const twice = ledger.commit((tx) => {
        tx.transfer({ ...aliceToBob('t', 1n) });
        tx.gather(insert, 'a');
      });
      await rejectsWith('unavailable', twice);
      assert.deepEqual(balances('wallet:bob'), [0n, 0n, 0n]);
      assert.deepEqual(ledger.read.all('SELECT items FROM gathered'), [{ __proto__: null, items: 'a' }]);
    });

    it('is refused to a tx whose work is over', async () => {
      const kept = await ledger.commit((tx) => ({ tx }));
      assert.throws(() => kept.tx.gather(write, 'late'), /over/);
    });
  });

  it('takes all legs of a transfer or none', async () => {
    const refused = ledger.commit((tx) =>
      tx.transfer({
        id: 't',
        legs: [
          { debit: 'wallet:alice', credit: 'wallet:bob', amountUnits: 10n },
          { debit: 'wallet:alice', credit: 'wallet:bob', amountUnits: 91n },
        ],
      }),
    );
    await rejectsWith('insufficient_balance', refused);
    assert.deepEqual(balances('wallet:alice'), [100n, 0n, 0n]);
    assert.deepEqual(balances('wallet:bob'), [0n, 0n, 0n]);
    assert.deepEqual(ledger.read.all('SELECT id FROM transfers'), [{ __proto__: null, id: 'opening' }]);
  });

  for (const [what, code, legs] of [
    [
      'an unknown account',
      'unknown_account',
      [{ debit: 'wallet:alice', credit: 'wallet:zoe', amountUnits: 1n }],
    ],
    [
      'a leg between assets',
      'asset_mismatch',
      [{ debit: 'wallet:alice', credit: 'wallet:euro', amountUnits: 1n }],
    ],
    [
      'a negative amount',
      'invalid_transfer',
      [{ debit: 'wallet:alice', credit: 'wallet:bob', amountUnits: -1n }],
    ],
    ['2^63', 'invalid_transfer', [{ debit: 'external:USD', credit: 'wallet:alice', amountUnits: 2n ** 63n }]],
    [
      'a sum of 2^63',
      'limit_exceeded',
      [{ debit: 'external:USD', credit: 'wallet:alice', amountUnits: 2n ** 63n - 1n }],
    ],
    [
      'a leg to itself',
      'invalid_transfer',
      [{ debit: 'wallet:alice', credit: 'wallet:alice', amountUnits: 1n }],
    ],
    ['no legs', 'invalid_transfer', []],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await rejectsWith(
        code,
        ledger.commit((tx) => tx.prepare({ id: 't', legs, expiresAtMs: 1 })),
      );
      assert.deepEqual(balances('wallet:alice'), [100n, 0n, 0n]);
    });
  }

  it('refuses an id twice', async () => {
    await ledger.commit((tx) => tx.prepare(aliceToBob('t', 1n)));
    await rejectsWith(
      'duplicate_transfer',
      ledger.commit((tx) => tx.prepare(aliceToBob('t', 1n))),
    );
  });

  it('opens an account once and lets its limits follow the settings', async () => {
    await ledger.commit((tx) => tx.openAccount(accountSpec('wallet:alice', { minBalanceUnits: -5n })));
    await ledger.commit((tx) => tx.transfer(aliceToBob('t', 105n)));
    assert.equal(ledger.read.account('wallet:alice')!.balanceUnits, -5n);
    await rejectsWith(
      'asset_mismatch',
      ledger.commit((tx) => tx.openAccount(accountSpec('wallet:alice', { assetScale: 9 }))),
    );
    assert.deepEqual(
      ledger.accounts('wallet').map(({ id }) => id),
      ['wallet:alice', 'wallet:bob', 'wallet:euro'],
    );
  });

  it('lets a piece of work fail without its neighbours in the same commit', async () => {
    const first = ledger.commit((tx) => tx.transfer(aliceToBob('t', 10n)));
    const second = ledger.commit((tx) => {
      tx.transfer(aliceToBob('u', 10n));
      throw new Error('changed my mind');
    });
    const third = ledger.commit((tx) => tx.transfer(aliceToBob('v', 10n)));
    await first;
    await assert.rejects(second, /changed my mind/);
    await third;
    assert.deepEqual(balances('wallet:bob'), [20n, 0n, 0n]);
  });

  it('undoes all of a piece that fails: accounts, balances and totals, also those that were read on the way', async () => {
    const total = { quantity: 'account_debits_total', labels: { peer_id: 'x' }, by: 5n } as const;
    const first = ledger.commit((tx) => {
      tx.transfer(aliceToBob('t', 10n));
      tx.addTotal(total);
    });
    const second = ledger.commit((tx) => {
      tx.openAccount(accountSpec('wallet:new'));
      tx.openAccount(accountSpec('wallet:bob', { maxBalanceUnits: 15n }));
      tx.transfer(aliceToBob('u', 1n));
      tx.addTotal({ ...total, by: 7n });
      assert.equal(tx.account('wallet:bob')!.balanceUnits, 11n);
      assert.equal(ledger.read.account('wallet:bob')!.balanceUnits, 11n);
      assert.deepEqual(
        ledger.totals().map(({ value }) => value),
        [12n],
      );
      throw new Error('changed my mind');
    });
    const third = ledger.commit((tx) => {
      assert.equal(tx.account('wallet:new'), undefined);
      tx.openAccount(accountSpec('wallet:newer'));
      tx.transfer(aliceToBob('v', 10n));
      tx.addTotal({ ...total, labels: { peer_id: 'y' }, by: 1n });
    });
    await Promise.allSettled([first, second, third]);
    await assert.rejects(second, /changed my mind/);
    assert.deepEqual(balances('wallet:bob'), [20n, 0n, 0n]);
    assert.equal(ledger.read.account('wallet:bob')!.maxBalanceUnits, 150n);
    assert.equal(ledger.read.account('wallet:new'), undefined);
    assert.equal(ledger.read.account('wallet:newer')!.balanceUnits, 0n);
    assert.deepEqual(
      ledger.totals().map(({ value }) => value),
      [5n, 1n],
    );
  });

  it('does not take a transfer for another one that has its number since its own commit failed', async () => {
    const failed = ledger.commit((tx) => {
      tx.prepare(aliceToBob('t', 10n));
      throw new Error('changed my mind');
    });
    const other = ledger.commit((tx) => tx.prepare(aliceToBob('u', 20n)));
    await Promise.allSettled([failed, other]);
    await rejectsWith(
      'not_pending',
      ledger.commit((tx) => tx.post('t')),
    );
    assert.deepEqual(balances('wallet:alice'), [100n, 20n, 0n]);
    await assert.rejects(
      ledger.commit((tx) => {
        tx.post('u');
        throw new Error('changed my mind');
      }),
    );
    await ledger.commit((tx) => tx.void('u'));
    assert.deepEqual(balances('wallet:alice'), [100n, 0n, 0n]);
    assert.deepEqual(ledger.audit(), []);
  });

  it('refuses work that is async or uses its transaction later', async () => {
    await assert.rejects(
      ledger.commit(async () => {}),
      TypeError,
    );
    const kept = await ledger.commit((tx) => tx);
    assert.throws(() => kept.void('t'), /over/);
    assert.throws(() => kept.sql.run('DELETE FROM accounts'), /over/);
  });

  it('stamps posted transfers with the time of their commit', async () => {
    await ledger.commit((tx) => assert.equal(tx.nowMs, 1_000));
    assert.deepEqual(ledger.read.all('SELECT * FROM postings'), [
      {
        __proto__: null,
        transfer_id: 'opening',
        posted_at_ms: 1_000n,
        debit: 'external:USD',
        credit: 'wallet:alice',
        amount_units: 100n,
      },
    ]);
  });

  it('keeps totals by labels in whatever order', async () => {
    const labels = { type: 'prepare', status: 'fulfilled' };
    await ledger.commit((tx) => {
      tx.addTotal({ quantity: 'ilp_packets_processed_total', labels, by: 2n });
      tx.addTotal({
        quantity: 'ilp_packets_processed_total',
        labels: { status: 'fulfilled', type: 'prepare' },
        by: 3n,
      });
    });
    assert.deepEqual(ledger.totals(), [{ quantity: 'ilp_packets_processed_total', labels, value: 5n }]);
  });

  it('refuses a total above 2^53 - 1 with all that came with it', async () => {
    const add = (by: bigint) => (tx: LedgerTx) => {
      tx.transfer(aliceToBob(`t${by}`, 1n));
      tx.addTotal({ quantity: 'account_debits_total', labels: { peer_id: 'x' }, by });
    };
    await ledger.commit(add(2n ** 53n - 1n));
    await rejectsWith('total_overflow', ledger.commit(add(1n)));
    assert.deepEqual(balances('wallet:bob'), [1n, 0n, 0n]);
    assert.equal(ledger.totals()[0]!.value, 2n ** 53n - 1n);
  });
});
