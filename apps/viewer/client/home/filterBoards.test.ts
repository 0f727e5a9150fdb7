import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchHit } from '../api.ts';
import { filterBoards, groupByFolder, tagsOf } from './filterBoards.ts';

const hit = (title: string, tags: string[], folderTitle: string, description = ''): SearchHit => ({
  uid: title,
  title,
  url: `/d/${title}`,
  type: 'dash-db',
  tags,
  folderTitle,
  description,
});
const boards = [
  hit('Payments', ['money', 'interledger'], 'Interledger', 'How many, of what value'),
  hit('Connector', ['interledger'], 'Interledger'),
  hit('Noise', ['lab'], 'Experiments'),
];
const titles = (found: SearchHit[]) => found.map(({ title }) => title);

test('every word must be somewhere in a board, every tag on it', () => {
  assert.deepEqual(titles(filterBoards(boards, '', [])), ['Payments', 'Connector', 'Noise']);
  assert.deepEqual(titles(filterBoards(boards, 'VALUE pay', [])), ['Payments']);
  assert.deepEqual(titles(filterBoards(boards, 'experiments', [])), ['Noise']);
  assert.deepEqual(titles(filterBoards(boards, '', ['interledger', 'money'])), ['Payments']);
  assert.deepEqual(titles(filterBoards(boards, 'connector', ['lab'])), []);
});

test('folders and tags are in order', () => {
  assert.deepEqual(
    groupByFolder(boards).map(({ folder, boards }) => [folder, titles(boards)]),
    [
      ['Experiments', ['Noise']],
      ['Interledger', ['Payments', 'Connector']],
    ],
  );
  assert.deepEqual(tagsOf(boards), ['interledger', 'lab', 'money']);
});
