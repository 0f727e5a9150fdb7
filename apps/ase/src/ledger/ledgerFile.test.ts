import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { createLedger } from './ledger.ts';
import { accountSpec, aliceToBob, openBooks, rejectsWith, temporaryFolder } from './testing.ts';

const { folder, remove } = temporaryFolder();
after(remove);
let count = 0;
const freshFile = () => join(folder, `${count++}.sqlite`);

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
