import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRowCache } from './rowCache.ts';

interface Row {
  id: string;
  value: number;
}

function setUp(most?: number) {
  const written: Row[] = [];
  const cache = createRowCache<Row>({
    keysOf: ({ id }) => [id],
    changeable: ({ value }) => ({ value }),
    write: (row) => void written.push({ ...row }),
    ...(most !== undefined && { most }),
  });
  const change = (row: Row, value: number) => {
    cache.willChange(row);
    row.value = value;
  };
  return { cache, change, written };
}

describe('the rows of commits', () => {
  it('are kept from one commit to the next, and written by the commit that changed them only', () => {
    const { cache, change, written } = setUp();
    cache.beginCommit();
    change(cache.add({ id: 'a', value: 0 }), 1);
    cache.flush();
    cache.beginCommit();
    cache.flush();
    assert.deepEqual(written, [{ id: 'a', value: 1 }]);
    assert.equal(cache.get('a')?.value, 1);
  });

  it('are as before a piece that failed, though an earlier commit brought them in', () => {
    const { cache, change } = setUp();
    cache.beginCommit();
    change(cache.add({ id: 'a', value: 0 }), 1);
    cache.beginCommit();
    cache.beginPiece();
    change(cache.get('a')!, 2);
    cache.add({ id: 'b', value: 5 });
    cache.undoPiece();
    assert.equal(cache.get('a')?.value, 1);
    assert.equal(cache.get('b'), undefined);
  });

  it('are forgotten when there are too many, but never within a commit', () => {
    const { cache } = setUp(2);
    cache.beginCommit();
    for (const id of ['a', 'b', 'c']) cache.add({ id, value: 0 });
    assert.ok(cache.get('a'));
    cache.beginCommit();
    assert.equal(cache.get('a'), undefined);
  });
});
