import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../../ase/src/ledger/testing.ts';
import { openDatabase } from './database.ts';
import { createUsageStore, type UsageStore } from './store.ts';
import { LIMITS, reportOf } from './testing.ts';

const NOW_MS = Date.parse('2030-03-31T10:00:00Z');
const DAY_MS = 86_400_000;

function withStore(
  work: (store: UsageStore, clock: { nowMs: number }, reopen: () => UsageStore) => void,
): void {
  const { folder, remove } = temporaryFolder();
  const file = join(folder, 'new/usage.sqlite');
  const clock = { nowMs: NOW_MS };
  const open = () =>
    createUsageStore(openDatabase(file), {
      limits: { ...LIMITS, maxReports: 60 },
      ownVersion: '0.1.0',
      nowMs: () => clock.nowMs,
    });
  let store = open();
  try {
    work(store, clock, () => {
      store.close();
      store = open();
      return store;
    });
  } finally {
    store.close();
    remove();
  }
}

describe('the store of usage reports', () => {
  test('counts reports and installations by day and version, newest first, a page at a time', () => {
    withStore((store, clock) => {
      clock.nowMs = NOW_MS - DAY_MS;
      store.add(reportOf(1));
      clock.nowMs = NOW_MS;
      store.add(reportOf(1));
      store.add(reportOf(1));
      store.add(reportOf(2));
      store.add(reportOf(3, { version: '0.2.0' }));
      const rows = [
        { day: '2030-03-31', version: '0.2.0', reports: 1, installations: 1 },
        { day: '2030-03-31', version: '0.1.0', reports: 3, installations: 2 },
        { day: '2030-03-30', version: '0.1.0', reports: 1, installations: 1 },
      ];
      assert.deepEqual(plain(store.days({ limit: 10 })), rows);
      assert.deepEqual(plain(store.days({ limit: 1 })), rows.slice(0, 1));
      assert.deepEqual(plain(store.days({ limit: 10, after: rows[0] })), rows.slice(1));
      assert.deepEqual(plain(store.days({ limit: 10, after: rows[1] })), rows.slice(2));
      assert.deepEqual(plain(store.days({ limit: 10, to: '2030-03-30' })), rows.slice(2));
      assert.deepEqual(plain(store.days({ limit: 10, from: '2030-03-31', version: '0.1.0' })), [rows[1]]);
      assert.deepEqual(store.spread('2030-03-31', '0.1.0').paymentsSent, { '10-99': 3 });
      assert.deepEqual(
        [...store.totals().installations],
        [
          [1, 3],
          [7, 3],
          [30, 3],
        ],
      );
    });
  });

  test('an installation that tells too often, and more than there is room for, changes nothing', () => {
    withStore((store, clock) => {
      for (let i = 0; i < 3; i++) assert.equal(store.add(reportOf(1)), 'stored');
      assert.equal(store.add(reportOf(1)), 'too_often');
      clock.nowMs += DAY_MS;
      assert.equal(store.add(reportOf(1)), 'stored');
      for (let i = 2; store.totals().stored < 60; i++) assert.equal(store.add(reportOf(i)), 'stored');
      assert.equal(store.add(reportOf(1000)), 'full');
      assert.equal(store.totals().stored, 60);
      assert.equal(store.totals().received.get('0.1.0'), 60);
    });
  });

  test('totals outlive a restart, and the reports that are too old', () => {
    withStore((first, clock, reopen) => {
      first.add(reportOf(1));
      first.refuse('invalid');
      first.refuse('invalid');
      const store = reopen();
      assert.equal(store.totals().received.get('0.1.0'), 1);
      assert.equal(store.totals().refused.invalid, 2);
      assert.equal(store.totals().newestReportSeconds, NOW_MS / 1000);
      clock.nowMs += LIMITS.keepDays * DAY_MS;
      assert.equal(store.prune(), 1);
      assert.equal(store.totals().stored, 0);
      assert.equal(store.totals().received.get('0.1.0'), 1);
    });
  });

  test('who makes versions up cannot make up series without end', () => {
    withStore((store) => {
      for (let i = 0; i < 50; i++) store.add(reportOf(i, { version: `9.${i}.0` }));
      const { received } = store.totals();
      assert.equal(received.size, 33);
      assert.equal(received.get('other'), 19);
      assert.equal(
        [...received.values()].reduce((a, b) => a + b),
        50,
      );
      assert.equal(store.days({ limit: 100 }).length, 50, 'the query API has them all');
    });
  });
});

test('a database belongs to one process, and one that cannot be read is one clear line', () => {
  const { folder, remove } = temporaryFolder();
  const file = join(folder, 'usage.sqlite');
  const first = openDatabase(file);
  assert.throws(() => openDatabase(file), /^Error: Cannot open the usage database .*locked$/);
  first.exec('PRAGMA user_version = 99');
  first.close();
  assert.throws(() => openDatabase(file), /schema version 99, this program knows up to 1$/);
  remove();
});

/** SQLite's rows have no prototype. */
const plain = <T extends object>(rows: readonly T[]): T[] => rows.map((row) => ({ ...row }));
