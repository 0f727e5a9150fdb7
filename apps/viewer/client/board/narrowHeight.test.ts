import assert from 'node:assert/strict';
import { test } from 'node:test';
import { narrowHeight } from './narrowHeight.ts';

const text = (content: string) => narrowHeight({ type: 'text', options: { content } });

test('words get as many rows as their lines take on a phone, and other panels keep theirs', () => {
  assert.equal(text('one line'), 3);
  assert.equal(text('x'.repeat(400)), 8);
  assert.equal(text('one\n\ntwo'), text('x'.repeat(3 * 40)));
  assert.equal(narrowHeight({ type: 'text', options: {} }), 3);
  assert.equal(narrowHeight({ type: 'stat', options: { content: 'x'.repeat(400) } }), 0);
});
