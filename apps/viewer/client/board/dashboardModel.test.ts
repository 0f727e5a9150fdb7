import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelTypes } from './dashboardModel.ts';

test('names each type of panel once, those in a collapsed row too, and no rows', () => {
  const panels = [
    { type: 'stat' },
    { type: 'row', panels: [{ type: 'table' }, { type: 'stat' }] },
    { type: 'timeseries' },
  ];
  assert.deepEqual(panelTypes({ uid: 'a', title: 'A', panels }), ['stat', 'table', 'timeseries']);
  assert.deepEqual(panelTypes({ uid: 'a', title: 'A' }), []);
});
