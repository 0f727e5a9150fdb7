import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, beforeEach, describe, it } from 'node:test';
import { LedgerError, type LedgerErrorCode } from './errors.ts';
import { createLedger } from './ledger.ts';
import { accountSpec, temporaryFolder } from './testing.ts';
import type { Ledger, LedgerTx } from './types.ts';

const { folder, remove } = temporaryFolder();
after(remove);
let count = 0;
const freshFile = () => join(folder, `${count++}.sqlite`);

const rejectsWith = (code: LedgerErrorCode, work: Promise<unknown>) =>
  assert.rejects(work, (error) => error instanceof LedgerError && error.code === code);

/** `external` gives freely, alice starts with 100. */
function openBooks(tx: LedgerTx) {
  tx.openAccount(accountSpec('external:USD', { minBalanceUnits: null }));
  tx.openAccount(accountSpec('wallet:alice'));
  tx.openAccount(accountSpec('wallet:bob', { maxBalanceUnits: 150n }));
  tx.openAccount(accountSpec('wallet:euro', { assetCode: 'EUR' }));
  tx.transfer({
    id: 'opening',
    legs: [{ debit: 'external:USD', credit: 'wallet:alice', amountUnits: 100n }],
  });
}
const aliceToBob = (id: string, amountUnits: bigint) => ({
  id,
  legs: [{ debit: 'wallet:alice', credit: 'wallet:bob', amountUnits }] as const,
  expiresAtMs: 1,
});

describe('the ledger', () => {
  let ledger: Ledger;
  const balances = (id: 'wallet:alice' | 'wallet:bob') => {
    const account = ledger.read.account(id)!;
    return [account.balanceUnits, account.pendingDebitUnits, account.pendingCreditUnits];
  };

  beforeEach(async (context) => {
    ledger = createLedger({ file: freshFile(), now: () => 1_000 });
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

describe('the ledger file', () => {
  it('keeps everything over a restart', async () => {
    const file = freshFile();
    const ledger = createLedger({ file });
    await ledger.commit(openBooks);
    await ledger.commit((tx) => tx.prepare(aliceToBob('t', 30n)));
    const before = ledger.accounts();
    await ledger.close();
    await rejectsWith(
      'unavailable',
      ledger.commit(() => {}),
    );
    const again = createLedger({ file });
    assert.deepEqual(again.accounts(), before);
    await again.commit((tx) => tx.post('t'));
    assert.deepEqual(again.audit(), []);
    await again.close();
  });

  it('undoes a whole group when the disk is full, and goes on when there is room again', async () => {
    const ledger = createLedger({ file: freshFile() });
    await ledger.commit(openBooks);
    ledger.define('CREATE TABLE ballast (bytes BLOB) STRICT');
    const pages = ledger.read.get<{ page_count: bigint }>('PRAGMA page_count')!.page_count;
    ledger.read.get(`PRAGMA max_page_count = ${pages + 2n}`);
    const small = ledger.commit((tx) => tx.transfer(aliceToBob('t', 10n)));
    const big = ledger.commit((tx) => tx.sql.run('INSERT INTO ballast VALUES (?)', new Uint8Array(100_000)));
    await rejectsWith('unavailable', small);
    await rejectsWith('unavailable', big);
    assert.equal(ledger.read.account('wallet:bob')!.balanceUnits, 0n);
    assert.deepEqual(ledger.audit(), []);
    ledger.read.get(`PRAGMA max_page_count = ${pages + 1_000n}`);
    await ledger.commit((tx) => tx.transfer(aliceToBob('t', 10n)));
    assert.equal(ledger.read.account('wallet:bob')!.balanceUnits, 10n);
    await ledger.close();
  });

  it('is refused to a second process, by name', async () => {
    const file = freshFile();
    const ledger = createLedger({ file });
    const second = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { createLedger } from '${import.meta.dirname}/ledger.ts'; createLedger({ file: '${file}' });`,
      ],
      { encoding: 'utf8' },
    );
    assert.notEqual(second.status, 0);
    assert.match(second.stderr, /Another process uses the ledger .*: stop it first/);
    await ledger.close();
  });

  it('is refused when a newer program wrote it, or when it is no ledger', async () => {
    const file = freshFile();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => createLedger({ file }), { code: 'newer_schema' });
    assert.throws(() => createLedger({ file: join(folder, 'nowhere', 'x.sqlite') }), { code: 'unavailable' });
    assert.throws(() => createLedger({ file: import.meta.filename }), { code: 'unavailable' });
  });

  it('audits: says what was tampered with', async () => {
    const ledger = createLedger({ file: freshFile() });
    await ledger.commit(openBooks);
    await ledger.commit((tx) => tx.openAccount(accountSpec('peer:x', { minBalanceUnits: null })));
    await ledger.commit((tx) => {
      tx.sql.run("UPDATE accounts SET posted_credit_units = 101 WHERE id = 'wallet:alice'");
      tx.transfer({ id: 't', legs: [{ debit: 'peer:x', credit: 'wallet:bob', amountUnits: 7n }] });
      tx.addTotal({ quantity: 'account_debits_total', labels: { peer_id: 'x' }, by: 8n });
      tx.sql.run("UPDATE accounts SET asset_code = 'EUR', max_balance_units = 6 WHERE id = 'wallet:bob'");
    });
    assert.deepEqual(ledger.audit(), [
      'Account wallet:alice: posted_credit is 101, its transfers say 100',
      'A transfer moves money from peer:x to wallet:bob, which hold different assets',
      'Account wallet:bob: its balance of 7 and reservations pass its limits',
      'Asset EUR of scale 2: all balances add up to 7 instead of 0',
      'Asset USD of scale 2: all balances add up to -6 instead of 0',
      'account_debits_total of peer:x is 8, its account says 7',
    ]);
    await ledger.close();
  });

  it('folds old transfers into sums, and the audit still holds', async () => {
    const ledger = createLedger({ file: freshFile(), keepTransfers: 50 });
    await ledger.commit(openBooks);
    await ledger.commit((tx) => tx.prepare(aliceToBob('stays pending', 5n)));
    for (let n = 0; n < 400; n += 1) {
      await ledger.commit((tx) => {
        const there = { debit: 'wallet:alice', credit: 'wallet:bob', amountUnits: 3n } as const;
        tx.transfer({ id: `there ${n}`, legs: [there] });
        tx.transfer({
          id: `back ${n}`,
          legs: [{ debit: 'wallet:bob', credit: 'wallet:alice', amountUnits: 3n }],
        });
      });
    }
    const { kept } = ledger.read.get<{ kept: bigint }>('SELECT count(*) AS kept FROM transfers')!;
    assert.ok(kept <= 252n, `${kept} transfers are kept`);
    assert.deepEqual(ledger.audit(), []);
    await ledger.commit((tx) => tx.post('stays pending'));
    assert.equal(ledger.read.account('wallet:bob')!.balanceUnits, 5n);
    assert.deepEqual(ledger.audit(), []);
    await ledger.close();
  });
});
