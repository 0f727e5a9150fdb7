import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createLedger } from '../../ledger/ledger.ts';
import { temporaryFolder } from '../../ledger/testing.ts';
import type { Ledger } from '../../ledger/types.ts';
import { MECHANISMS, type MechanismName } from '../privacy/mechanism.ts';
import { addSums, defineNetworkTables, type Entry, isEmpty, note, waitingSums } from './outbox.ts';
import { createReleases, type Release, type Releases } from './releases.ts';

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Book {
  ledger: Ledger;
  releases: Releases;
  told: Release[];
  note(...entries: Entry[]): Promise<void>;
}

/** The books in a file; opening them again is what a restart does. */
function books(privacy: Partial<{ mechanism: MechanismName; epsilon: number }> = {}) {
  const { folder, remove } = temporaryFolder();
  closing.push(remove);
  let ledger: Ledger | undefined;
  const open = async (changed: typeof privacy = {}): Promise<Book> => {
    await ledger?.close();
    const opened = createLedger({ file: `${folder}/ledger.sqlite` });
    ledger = opened;
    defineNetworkTables(opened);
    const told: Release[] = [];
    const releases = createReleases({
      ledger: opened,
      privacy: { mechanism: 'unbiased', epsilon: 1, clipUnits: 1_000_000n, ...privacy, ...changed },
      onCommitted: (release) => told.push(release),
    });
    return {
      ledger: opened,
      releases,
      told,
      note: (...entries) =>
        opened.commit((tx) => {
          for (const entry of entries) note(tx, entry);
        }),
    };
  };
  closing.push(() => ledger?.close());
  return open;
}

const fulfilled = (units: number | undefined): Entry => ({ kind: 'fulfill', units, asset: 'USD' });
const AMOUNTS = Array.from({ length: 9_300 }, (_, i) => 1 + ((i * 7_919) % 900_000));
const PACKETS = AMOUNTS.map(fulfilled);
const TRUE_UNITS = sumOf(PACKETS.length);

test('all mechanisms take in the same, more than one commit of it; the truth is exact, and so is off', async () => {
  const { note, releases, ledger, told } = await books()();
  for (let from = 0; from < PACKETS.length; from += 100) await note(...PACKETS.slice(from, from + 100));
  await note({ kind: 'reject' }, { kind: 'transaction', units: 250, asset: 'USD' });
  await releases.release();
  const { sums, released } = releases.state;
  assert.deepEqual(sums, {
    fulfilled: 9_300n,
    rejected: 1n,
    amountUnits: TRUE_UNITS,
    transactions: 1n,
    feeUnits: 250n,
  });
  assert.equal(released.amount.off, TRUE_UNITS);
  assert.equal(released.fee.off, 250n);
  for (const name of MECHANISMS) assert.ok(released.amount[name] > 0n, name);
  assert.ok(isEmpty(ledger));
  assert.equal(
    told.reduce((sum, { amountUnits }) => sum + amountUnits, 0n),
    TRUE_UNITS,
  );
  assert.ok(told.length > 1);
});

test('the durable totals are what the operator is told', async () => {
  const { note, releases, ledger, told } = await books()();
  await note(...PACKETS.slice(0, 20), fulfilled(undefined));
  await releases.release();
  const totals = new Map(
    ledger.totals().map(({ quantity, labels, value }) => [`${quantity} ${Object.values(labels)}`, value]),
  );
  const [release] = told as [Release];
  assert.equal(totals.get('network_amount_true_units_total '), release.amountUnits);
  for (const name of MECHANISMS) {
    assert.equal(totals.get(`network_amount_published_units_total ${name}`), release.publishedUnits[name]);
  }
  assert.equal(totals.get('network_telemetry_unconverted_total USD'), 1n);
  assert.deepEqual(release.unconverted, new Map([['USD', 1n]]));
});

test('where nothing happened nothing is released', async () => {
  const { note, releases, told } = await books()();
  await releases.release();
  assert.equal(told.length, 0);
  await note(...PACKETS.slice(0, 3));
  await releases.release();
  const after = structuredClone(releases.state);
  for (let tick = 0; tick < 5; tick += 1) await releases.release();
  assert.deepEqual(releases.state, after);
  assert.equal(told.length, 1);
});

test('a restart goes on exactly: nothing is lost, nothing is taken twice, nothing published goes down', async () => {
  const open = books();
  let book = await open();
  let sent = 0n;
  let noted = 0n;
  for (const [i, units] of AMOUNTS.slice(0, 60).entries()) {
    await book.note(fulfilled(units));
    noted += BigInt(units);
    // Before, after and between releases: a restart may come at any time.
    if (i % 3 === 1) await book.releases.release();
    if (i % 5 === 4) book = await open();
    assert.equal(addSums(book.releases.state.sums, waitingSums(book.ledger)).amountUnits, noted);
    assert.ok(book.releases.state.sent.amount >= sent);
    sent = book.releases.state.sent.amount;
  }
  await book.releases.release();
  assert.equal(book.releases.state.released.amount.off, noted);
  const last = structuredClone(book.releases.state);
  book = await open();
  assert.deepEqual(book.releases.state, last);
});

test('a commit that fails changes nothing, also not the mechanisms: the next release does it all', async () => {
  const { note, releases, ledger, told } = await books()();
  await note(...PACKETS.slice(0, 10));
  const before = structuredClone(releases.state);
  const commit = ledger.commit;
  ledger.commit = async (work) => {
    await commit((tx) => {
      work(tx);
      throw new Error('the disk is full');
    });
    throw new Error('not reached');
  };
  await assert.rejects(releases.release(), /disk is full/);
  ledger.commit = commit;
  assert.deepEqual(releases.state, before);
  assert.equal(told.length, 0);
  await releases.release();
  assert.equal(releases.state.released.amount.off, sumOf(10));
  assert.equal(releases.state.sums.fulfilled, 10n);
});

test('a change of the mechanism goes on from what was sent, and is kept over a restart', async () => {
  const open = books({ mechanism: 'continual' });
  let book = await open();
  await book.note(...PACKETS.slice(0, 50));
  await book.releases.release();
  const before = book.releases.state.sent.amount;
  await book.releases.choose({ mechanism: 'off' });
  assert.equal(book.releases.state.sent.amount, before);
  await book.note(...PACKETS.slice(50, 100));
  await book.releases.release();
  assert.equal(book.releases.state.sent.amount - before, sumOf(100) - sumOf(50));
  book = await open();
  assert.equal(book.releases.state.chosen, 'off');
  // The settings win when they are changed.
  book = await open({ mechanism: 'rafiki' });
  assert.equal(book.releases.state.chosen, 'rafiki');
});

test('a change of ε goes on from what was sent', async () => {
  const { note, releases } = await books()();
  let sent = 0n;
  for (const [i, epsilon] of [5, 0.1, 2, 0.1].entries()) {
    await note(...PACKETS.slice(i * 100, i * 100 + 100));
    await releases.release();
    await releases.choose({ epsilon });
    assert.equal(releases.state.epsilon, epsilon);
    assert.ok(releases.state.sent.amount >= sent);
    sent = releases.state.sent.amount;
  }
  assert.equal(releases.state.released.amount.off, sumOf(400));
});

test('changes and releases at the same time come one after the other', async () => {
  const { note, releases } = await books({ mechanism: 'off' })();
  await note(...PACKETS);
  await Promise.all([
    releases.release(),
    ...MECHANISMS.map((mechanism) => releases.choose({ mechanism })),
    releases.release(),
    releases.choose({ epsilon: 3 }),
  ]);
  assert.equal(releases.state.released.amount.off, TRUE_UNITS);
  assert.equal(releases.state.sent.amount, TRUE_UNITS);
  assert.equal(releases.state.epsilon, 3);
});

test('a packet far above the clip: the truth has all of it, and the bound tells how much the mechanisms left out', async () => {
  const { note, releases } = await books()();
  await note(fulfilled(1e12), ...PACKETS.slice(0, 10));
  await releases.release();
  const truth = releases.state.sums.amountUnits;
  assert.equal(truth, 10n ** 12n + sumOf(10));
  assert.equal(releases.state.released.amount.off, truth);
  for (const name of ['unbiased', 'continual'] as const) {
    const published = releases.state.released.amount[name];
    assert.ok(published < 10n ** 10n, `${name} hides it`);
    const bound = releases.mechanism('amount', name).errorBound(1e-9)!;
    assert.ok(truth - published <= bound, `${name} knows it`);
  }
});

test('what is stored and no state is refused, not guessed', async () => {
  const open = books();
  const { ledger } = await open();
  await ledger.commit((tx) => {
    tx.sql.run('INSERT OR REPLACE INTO network_released (one, state) VALUES (1, ?)', '{"chosen":"none"}');
  });
  await assert.rejects(open());
});

function sumOf(count: number): bigint {
  return BigInt(AMOUNTS.slice(0, count).reduce((sum, units) => sum + units, 0));
}
