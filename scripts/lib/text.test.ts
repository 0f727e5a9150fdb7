import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns, fitting, fittingColumns } from './text.ts';

test('columns are as wide as their widest cell, and two spaces apart', () => {
  assert.equal(
    columns([
      ['a', 'bb', 'c'],
      ['aaa', 'b', ''],
    ]),
    'a    bb  c\naaa  b',
  );
});

test('a last column that is too long for a terminal goes on below itself', () => {
  const words = 'eight digits '.repeat(12).trim();
  const lines = fittingColumns(
    [
      ['--flag a|b', words],
      ['--other', 'short'],
    ],
    '  ',
  ).split('\n');
  assert.deepEqual(
    lines.filter((line) => line.length > 80),
    [],
  );
  assert.deepEqual(
    lines.map((line) => line.slice(0, 14).trimEnd()),
    ['  --flag a|b', '', '', '  --other'],
  );
  assert.equal(
    lines
      .slice(0, 3)
      .map((line) => line.slice(14))
      .join(' '),
    words,
  );
});

test('the last column is never narrower than a few words, and a long word is not cut', () => {
  const lines = fittingColumns([['x'.repeat(70), `one two three four five ${'y'.repeat(90)} six`]]).split(
    '\n',
  );
  assert.deepEqual(
    lines.map((line) => line.slice(72)),
    ['one two three four five', 'y'.repeat(90), 'six'],
  );
});

test('lines of a paragraph are broken anew, and lines with columns stay lines', () => {
  const text = [
    `${'word '.repeat(20).trim()}`,
    'goes on',
    '',
    'smoke  does it work',
    `ramp   ${'how much '.repeat(12).trim()}`,
    '  indented',
  ].join('\n');
  assert.deepEqual(fitting(text).split('\n'), [
    'word '.repeat(16).trim(),
    'word word word word goes on',
    '',
    'smoke  does it work',
    `ramp   ${'how much '.repeat(8).trim()}`,
    `       ${'how much '.repeat(4).trim()}`,
    '  indented',
  ]);
});
