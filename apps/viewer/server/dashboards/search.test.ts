import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Board, parseBoard } from './board.ts';
import { searchDashboards } from './search.ts';

const boards = [
  board('payments', 'Payments', ['interledger', 'money']),
  board('overview', 'Connector overview', ['interledger']),
  board('health', 'Connector health', ['interledger', 'money'], 'Lab/health.json'),
];

const search = (query: string) =>
  searchDashboards(boards, new URLSearchParams(query)).map(({ uid, type }) => `${type}:${uid}`);

test('without words everything, folders first', () => {
  assert.deepEqual(search(''), [
    'dash-folder:interledger',
    'dash-folder:lab',
    'dash-db:payments',
    'dash-db:overview',
    'dash-db:health',
  ]);
});

test('words, tags and type must all fit', () => {
  assert.deepEqual(search('query=CONNECTOR'), ['dash-db:overview', 'dash-db:health']);
  assert.deepEqual(search('query=health connector'), ['dash-db:health']);
  assert.deepEqual(search('tag=interledger&tag=money'), ['dash-db:payments', 'dash-db:health']);
  assert.deepEqual(search('type=dash-folder&query=lab'), ['dash-folder:lab']);
  assert.deepEqual(search('query=none'), []);
});

test('the limit is bounded and nonsense is ignored', () => {
  assert.equal(search('type=dash-db&limit=1').length, 1);
  for (const limit of ['0', '-1', 'x', '1e9', ''])
    assert.equal(search(`type=dash-db&limit=${limit}`).length, 3);
});

function board(uid: string, title: string, tags: string[], file = `${uid}.json`): Board {
  const result = parseBoard(JSON.stringify({ uid, title, tags }), file);
  assert.ok('board' in result);
  return result.board;
}
