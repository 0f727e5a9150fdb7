import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Database, openDatabase } from './database.ts';
import type { LedgerError } from './errors.ts';
import { createGroupCommit } from './groupCommit.ts';
import { rejectsWith, temporaryFolder } from './testing.ts';

const { folder, remove } = temporaryFolder();
after(remove);
let count = 0;

/** A database whose disk is as slow as the test says. */
function openSlowly() {
  const real = openDatabase(join(folder, `${count++}.sqlite`));
  const syncs: ((error: Error | null) => void)[] = [];
  let commits = 0;
  const db: Database = {
    ...real,
    run(statement, ...parameters) {
      if (statement === 'COMMIT') commits += 1;
      return real.run(statement, ...parameters);
    },
    sync: (done) => void syncs.push(done),
  };
  const lost: LedgerError[] = [];
  const group = createGroupCommit(db, undefined, {
    before() {},
    beforePiece() {},
    undoPiece() {},
    after() {},
    undo() {},
    onLost: (error) => void lost.push(error),
  });
  after(() => real.close());
  return { group, syncs, lost, commits: () => commits };
}

async function stateOf(work: Promise<unknown>): Promise<string> {
  await turn();
  const settled = work.then(
    () => 'resolved',
    () => 'rejected',
  );
  return Promise.race([settled, turn('pending')]);
}

describe('a group commit', () => {
  it('tells nobody of success before the disk has it, and takes what comes meanwhile together', async () => {
    const { group, syncs, commits } = openSlowly();
    const first = group.commit(() => 1);
    assert.equal(await stateOf(first), 'pending');
    const later = [group.commit(() => 2), group.commit(() => 3)];
    assert.equal(await stateOf(Promise.race(later)), 'pending');
    assert.deepEqual([commits(), syncs.length], [1, 1]);
    syncs[0]!(null);
    assert.equal(await first, 1);
    assert.equal(await stateOf(Promise.race(later)), 'pending');
    assert.deepEqual([commits(), syncs.length], [2, 2]);
    syncs[1]!(null);
    assert.deepEqual(await Promise.all(later), [2, 3]);
    assert.equal(await stateOf(Promise.resolve()), 'resolved');
    assert.equal(syncs.length, 2, 'without work the disk rests');
  });

  it('is over when the disk refuses a sync: nobody knows what is on it', async () => {
    const { group, syncs, lost } = openSlowly();
    const first = group.commit(() => 1);
    await turn();
    const second = group.commit(() => 2);
    syncs[0]!(new Error('EIO: i/o error, fdatasync'));
    await rejectsWith('unavailable', first);
    await rejectsWith('unavailable', second);
    await rejectsWith(
      'unavailable',
      group.commit(() => 3),
    );
    assert.deepEqual(
      lost.map(({ message }) => message),
      [
        'The disk refused to keep the last commits (EIO: i/o error, fdatasync): look at the disk, then start again; what it kept is right',
      ],
    );
  });

  it('brings what is under way to disk when it closes', async () => {
    const { group, syncs } = openSlowly();
    const first = group.commit(() => 1);
    await turn();
    const second = group.commit(() => 2);
    group.close();
    assert.deepEqual(await Promise.all([first, second]), [1, 2]);
    syncs[0]!(null);
    assert.equal(await stateOf(Promise.resolve()), 'resolved');
  });
});
