import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createFirstTime, readCorrelationId } from './correlation.ts';

describe('the correlation id of a peer', () => {
  it('is taken when it is the id of a payment', () => {
    fc.assert(fc.property(fc.uuid(), (id) => assert.equal(readCorrelationId(id), id)));
  });

  it('is nothing when it is anything else, so that no text of a peer gets into a log', () => {
    const id = randomUUID();
    for (const header of [
      undefined,
      '',
      ` ${id}`,
      `${id}\n`,
      `${id}${id}`,
      `${id}, ${id}`,
      id.toUpperCase(),
    ]) {
      assert.equal(readCorrelationId(header), undefined);
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 10_000 }), (text) => {
        const taken = readCorrelationId(text);
        assert.ok(taken === undefined || (taken === text && text.length === 36));
      }),
    );
  });
});

describe('the first time of an id', () => {
  it('is told once, and of the newest ids only that many are remembered', () => {
    const isNew = createFirstTime(3);
    const told = ['a', 'b', 'a', 'c', 'd', 'b', 'a'].map(isNew);
    // `d` pushed `a` out.
    assert.deepEqual(told, [true, true, false, true, true, false, true]);
  });
});
