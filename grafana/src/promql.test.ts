import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AssertedCell, assertedCells, expectedText, type ShownAses } from './assertedCells.ts';
import { generateBoards } from './generate.ts';
import { type History, makeHistory, NOW_SECONDS } from './testing/history.ts';
import { type LoadedPrometheus, prometheusWith } from './testing/prometheusWith.ts';
import { type Answers, statText, tableRows } from './testing/render.ts';
import { type Chosen, interpolate, type ShownPanel, shownPanels } from './testing/shownPanels.ts';

const ASES: ShownAses = [
  {
    name: 'cloud-nine',
    assetCode: 'USD',
    peers: [{ id: 'global-bank', assetCode: 'USD' }],
    network: 'testnet',
  },
  {
    name: 'global-bank',
    assetCode: 'USD',
    peers: [
      { id: 'cloud-nine', assetCode: 'USD' },
      { id: 'happy-life', assetCode: 'EUR' },
    ],
    network: 'testnet',
  },
  {
    name: 'happy-life',
    assetCode: 'EUR',
    peers: [{ id: 'global-bank', assetCode: 'EUR' }],
    network: 'testnet',
  },
];
/** All its series stand at 0. */
const IDLE_ASE = 'global-bank';
const CHOSEN: Chosen = { instances: ASES.map(({ name }) => name), assets: ['EUR', 'USD'] };

/**
 * For each query of a panel the values of its series, while each series of two busy ASEs counts one a second and a
 * third one stands still: 60 a minute and ASE, times what is added up.
 */
const STEADY: Record<string, number[][]> = {
  'Payments a minute': [[120], [120], [120], [120]],
  'Value a minute': [
    [0, 60, 60],
    [0, 60, 60],
  ],
  'Payment duration': [[0.005], [0.05], [0.5]],
  'Quote duration': [[0.005], [0.05], [0.5]],
  'Latency p95, now': [[0.05]],
  'Prepares a second, by outcome': [[2, 2, 2]],
  'Rejects a second, by kind': [[2, 2, 2]],
  Throughput: [[0, 3, 3]],
  'cloud-nine · packet latency': [[0.005], [0.05], [0.5], [0.01]],
  'Value a second, by peer': [
    [0, 0, 1, 1],
    [0, 0, 1, 1],
  ],
  'Transactions a minute': [[0, 60, 60]],
  // 10 000 units are a dollar.
  'Dollars a minute': [[0, 0.006, 0.006]],
  'Packets a minute': [[120], [120], [120]],
  'Fees a minute': [[0, 0.006, 0.006]],
  'Pay time': [[0.005], [0.05], [0.5]],
  'Prepare processing time': [[0.005], [0.05], [0.5]],
  'cloud-nine · what an attacker sees': [[0.0005], [0.0005], [0.0005], [0.0005]],
  // Eight causes are warnings and five critical.
  'Errors a minute': [[600, 960]],
  // Two ASEs, two statuses, 100 of each a second.
  'Requests/s, now': [[400]],
  'Server errors, now': [[0.5]],
  'Request latency': [[0.005], [0.05], [0.5]],
  'Bytes a second': [
    [0, 2, 2],
    [0, 2, 2],
  ],
  'Bytes of bodies a second': [
    [0, 400, 400],
    [0, 400, 400],
  ],
  'New connections a minute': [[120, 120, 120, 120]],
  'Wallet visits a minute': [[120, 120]],
  'Time for collecting garbage': [[400]],
  // Counted by k6, and by two ASEs of which each completes one a second.
  'Payments a second': [[1], [2]],
  'Trouble a second': [[1], [1], [26]],
  'Reports refused a minute, by reason': [Array.from({ length: 8 }, () => 60)],
};

describe('the boards, asked of a real Prometheus about a past that is known to the unit', () => {
  const boards = generateBoards();
  const panels = Object.entries(boards).flatMap(([uid, board]) =>
    shownPanels(board, CHOSEN).map((shown) => ({ uid, shown })),
  );
  let history: History;
  let prometheus: LoadedPrometheus;

  before(async () => {
    history = makeHistory(ASES, (ase) => ase === IDLE_ASE);
    prometheus = await prometheusWith(history.openMetrics);
  });
  after(() => prometheus?.stop());

  for (const { uid, shown } of panels) {
    test(`${uid}: “${shown.title}” has data, and its numbers are the ledger's`, async () => {
      const answers: Answers = {};
      for (const { refId, expr, instant } of shown.targets) {
        answers[refId] = await prometheus.query(expr, NOW_SECONDS);
        if (shown.instance === IDLE_ASE && isEmptyWhenIdle(shown)) continue;
        assert.ok(answers[refId].length > 0, `${refId} has an answer: ${expr}`);
        if (!instant) assert.ok((await prometheus.countPoints(expr, NOW_SECONDS)) > 0, expr);
      }
      const cells = assertedCells(ASES).filter((c) => c.boardUid === uid && c.panelTitle === shown.title);
      for (const cell of cells)
        assert.equal(
          textOf(cell, shown, answers),
          expectedText(cell, history.read),
          JSON.stringify(cell.place),
        );
    });
  }

  test('a table shows no row that is not asserted', async () => {
    for (const { uid, shown } of panels.filter(({ shown: { panel } }) => panel.type === 'table')) {
      const cells = assertedCells(ASES).filter((c) => c.boardUid === uid && c.panelTitle === shown.title);
      if (cells.length === 0) continue;
      const rows = new Set(cells.map(({ place }) => JSON.stringify((place as { row: unknown }).row)));
      const answers: Answers = {};
      for (const { refId, expr } of shown.targets) answers[refId] = await prometheus.query(expr, NOW_SECONDS);
      assert.equal(tableRows(shown, answers).length, rows.size, shown.title);
    }
  });

  test('the rows of payments stand from the last hour to all time', async () => {
    const { shown } = panels.find(({ shown: { title } }) => title === 'cloud-nine · sent')!;
    const answers = { A: await prometheus.query(shown.targets[0]!.expr, NOW_SECONDS) };
    assert.deepEqual(
      tableRows(shown, answers).map((row) => row.Window),
      ['Last hour', 'Last day', 'Last week', 'Last month', 'All time'],
    );
  });

  for (const [title, expected] of Object.entries(STEADY)) {
    test(`“${title}” tells the known pace of the last minutes, in its own unit of time`, async () => {
      const { shown } = panels.find(({ shown: candidate }) => candidate.title === title)!;
      const values = await Promise.all(
        shown.targets.map(async ({ expr }) => {
          const samples = await prometheus.query(expr, NOW_SECONDS);
          return samples.map(({ value }) => Number(value.toPrecision(9))).sort((a, b) => a - b);
        }),
      );
      assert.deepEqual(values, expected);
    });
  }

  test('restarts are marked at the time when the process started', async () => {
    const expr = interpolate(boards.payments!.annotations!.list![0]!.expr!, undefined, CHOSEN);
    const starts = await prometheus.query(expr, NOW_SECONDS);
    assert.deepEqual(starts.map(({ labels }) => labels.instance).sort(), CHOSEN.instances);
  });

  test('without telemetry a stat says so in words', async () => {
    const { shown } = panels.find(({ shown: { title } }) => title === 'Payments sent, last hour')!;
    assert.match(statText(shown, { A: [] }), /^No telemetry/);
  });
});

/** A panel about what happened may be empty while nothing does, and then says so in these words. */
function isEmptyWhenIdle({ panel }: ShownPanel): boolean {
  return /^(No packets in|Nothing shared in)/.test(panel.fieldConfig?.defaults.noValue ?? '');
}

function textOf({ place }: AssertedCell, shown: ShownPanel, answers: Answers): string | undefined {
  if (place === 'panel') return statText(shown, answers);
  const rows = tableRows(shown, answers).filter((row) =>
    Object.entries(place.row).every(([column, text]) => row[column] === text),
  );
  assert.equal(rows.length, 1, `one row with ${JSON.stringify(place.row)}`);
  return rows[0]![place.column];
}
