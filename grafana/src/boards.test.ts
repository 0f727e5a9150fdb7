import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { boardFiles, generateBoards } from './generate.ts';
import { COLUMNS } from './layout.ts';
import { type Chosen, type ShownPanel, shownPanels } from './testing/shownPanels.ts';

const CHOSEN: Chosen = { instances: ['cloud-nine', 'global-bank', 'happy-life'], assets: ['EUR', 'USD'] };
const DASHBOARDS = path.join(import.meta.dirname, '../dashboards');
const ANY = (name: string) => ({ name, multi: true, includeAll: true });
/** Of boards with others than most have. Data of two networks never mixes, so one is chosen. */
const VARIABLES: Record<string, unknown[]> = {
  'network-overview': [{ name: 'network', multi: false, includeAll: false }, ANY('source')],
  'privacy-lab': [ANY('instance')],
  usage: [],
  'alerts-slos': [ANY('instance')],
  'connector-health': [ANY('instance')],
  'http-network': [ANY('instance')],
  'load-test': [ANY('instance')],
};
const boards = Object.entries(generateBoards()).map(([uid, board]) => ({
  uid,
  board,
  all: (board.panels ?? []) as (Panel | RowPanel)[],
  shown: shownPanels(board, CHOSEN),
}));

test('the committed boards are what the code says (./playground dashboards writes them)', () => {
  const files = boardFiles();
  assert.deepEqual(readdirSync(DASHBOARDS).sort(), Object.keys(files).sort());
  for (const [name, text] of Object.entries(files))
    assert.equal(readFileSync(path.join(DASHBOARDS, name), 'utf8'), text, name);
});

test('the code says the same thing every time', () => {
  assert.deepEqual(boardFiles(), boardFiles());
});

test('boards have the uids that links and tests use', () => {
  assert.deepEqual(
    boards.map(({ uid }) => uid),
    [
      'payments',
      'connector-overview',
      'connector-health',
      'http-network',
      'settlement-activity',
      'network-overview',
      'privacy-lab',
      'usage',
      'alerts-slos',
      'load-test',
    ],
  );
});

for (const { uid, board, all, shown } of boards) {
  describe(`board ${uid}`, () => {
    test('says what it is, and looks at the last minutes, live', () => {
      assert.ok(board.title && board.description);
      assert.ok(board.tags?.includes('interledger'));
      assert.equal(board.schemaVersion, 42);
      assert.deepEqual(board.time, { from: 'now-15m', to: 'now' });
      assert.equal(board.refresh, '5s');
      assert.deepEqual(
        board.templating?.list?.map(({ name, multi, includeAll }) => ({ name, multi, includeAll })),
        VARIABLES[uid] ?? [ANY('instance'), ANY('asset')],
      );
      assert.equal(board.annotations?.list?.length, ['network-overview', 'usage'].includes(uid) ? 0 : 1);
      assert.equal(board.links?.length, 1);
    });

    test('numbers its panels from 1 without a gap', () => {
      assert.deepEqual(
        all.map(({ id }) => id),
        all.map((_, i) => i + 1),
      );
    });

    test('fills the grid: each cell of it belongs to exactly one panel', () => {
      const cells = new Map<string, number>();
      for (const { gridPos, id } of all) {
        assert.ok(gridPos && id);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            assert.ok(!cells.has(`${x},${y}`), `panels ${cells.get(`${x},${y}`)} and ${id} overlap`);
            cells.set(`${x},${y}`, id);
          }
      }
      const height = Math.max(...all.map(({ gridPos }) => gridPos!.y + gridPos!.h));
      assert.equal(cells.size, COLUMNS * height);
    });

    test('gives each shown panel a title of its own', () => {
      const titles = shown.map(({ title }) => title);
      assert.deepEqual([...new Set(titles)], titles);
    });

    for (const { title, panel, targets } of shown.filter(isOnlyOnce)) {
      test(`panel “${title}” is complete`, () => {
        assert.ok((panel.description ?? '').length > 60, 'a description that helps');
        const { defaults } = panel.fieldConfig!;
        assert.ok(defaults.noValue, 'words for when there is nothing');
        assert.doesNotMatch(defaults.noValue, /\$/, 'Grafana does not fill in variables there');
        assert.ok(defaults.unit, 'a unit');
        assert.ok(targets.length > 0);
        assert.deepEqual(
          targets.map(({ refId }) => refId),
          targets.map((_, i) => String.fromCharCode(65 + i)),
        );
        for (const target of [...targets, panel])
          assert.deepEqual(target.datasource, { type: 'prometheus', uid: 'prometheus' });
        const atOnce = panel.type === 'stat' || panel.type === 'table';
        for (const { instant, range } of targets)
          assert.deepEqual({ instant, range }, { instant: atOnce, range: !atOnce });
        if (panel.type === 'stat') {
          assert.deepEqual(panel.options.reduceOptions.calcs, ['last']);
          assert.equal(panel.options.textMode, 'value');
        }
        if (panel.type === 'timeseries') {
          assert.equal(panel.options.legend.showLegend, true);
          for (const { legendFormat } of targets) assert.ok(legendFormat, 'a name in the legend');
        }
        if (panel.repeat || title.includes('cloud-nine')) assert.match(panel.title!, /\$instance/);
      });
    }
  });
}

/** Three ASEs show the same panel three times; words have no data to be complete about. */
function isOnlyOnce({ instance, panel }: ShownPanel): boolean {
  if (panel.type === 'text') return false;
  return instance === undefined || instance === CHOSEN.instances[0];
}
