import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boardOf, boardUids, readBoard } from './boards.ts';

test('a board has the panels in its rows as well, repeated ones once for each ASE, and no rows', () => {
  const board = boardOf(
    {
      uid: 'one',
      panels: [
        { type: 'stat', title: 'Payments' },
        { type: 'row', title: '$instance' },
        { type: 'table', title: '$instance · sent' },
        { type: 'row', title: 'Collapsed', panels: [{ type: 'timeseries', title: 'Hidden' }] },
      ],
    },
    ['cloud-nine', 'happy-life'],
  );
  assert.deepEqual(board, {
    uid: 'one',
    panelTitles: ['Payments', 'cloud-nine · sent', 'happy-life · sent', 'Hidden'],
  });
});

test('the boards of the repository are found', () => {
  const boards = boardUids().map((uid) => readBoard(uid, ['cloud-nine']));
  assert.ok(boards.some(({ uid }) => uid === 'payments'));
  for (const { uid, panelTitles } of boards) {
    assert.ok(panelTitles.length > 0, uid);
    assert.deepEqual(
      panelTitles.filter((title) => title.includes('$')),
      [],
    );
  }
});
