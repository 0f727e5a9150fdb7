import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { arrange, line } from './layout.ts';
import type { PanelDraft } from './panels.ts';

const panel =
  (title: string): PanelDraft =>
  ({ id, ...gridPos }) =>
    ({ type: 'text', title, id, gridPos }) as Panel;

test('panels stand side by side, stacks share the height, rows come between', () => {
  const arranged = arrange([
    { lines: [line(4, [12, panel('a')], [12, [panel('b'), panel('c')]])] },
    { title: 'Below', lines: [line(3, [24, panel('d')])] },
  ]);
  assert.deepEqual(
    arranged.map(({ id, title, gridPos }) => [id, title, gridPos]),
    [
      [1, 'a', { x: 0, y: 0, w: 12, h: 4 }],
      [2, 'b', { x: 12, y: 0, w: 12, h: 2 }],
      [3, 'c', { x: 12, y: 2, w: 12, h: 2 }],
      [4, 'Below', { x: 0, y: 4, w: 24, h: 1 }],
      [5, 'd', { x: 0, y: 5, w: 24, h: 3 }],
    ],
  );
});

test('a line that does not fill the grid, or a stack that does not fit, is refused', () => {
  assert.throws(() => arrange([{ lines: [line(4, [12, panel('a')])] }]), /12 columns wide, not 24/);
  assert.throws(
    () => arrange([{ lines: [line(3, [24, [panel('a'), panel('b')]])] }]),
    /2 panels do not share 3 rows evenly/,
  );
});
