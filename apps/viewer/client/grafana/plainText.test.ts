import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement, Fragment } from 'react';
import { renderToStaticMarkup } from './plainText.ts';

test('the words of a tree of elements, in their order', () => {
  const name = createElement('b', { title: 'not this' }, 'cloud-nine');
  const tree = createElement(Fragment, null, 'Payments of ', name, ', ', 2, [' or ', 'more'], null, false);
  assert.equal(renderToStaticMarkup(tree), 'Payments of cloud-nine, 2 or more');
});

test('nothing has no words', () => {
  for (const nothing of [null, undefined, true, [], createElement('i', { key: 'i' })]) {
    assert.equal(renderToStaticMarkup(nothing), '');
  }
});
