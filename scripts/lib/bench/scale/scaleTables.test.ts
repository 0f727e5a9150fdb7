import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPERATOR_CONFIG } from '../../../../collector/command.ts';
import { boundOf } from './boundOf.ts';
import { endsOf, MACHINES, seriesPerAse, shippedEnd, softLimitBytes } from './forecast.ts';
import { growthsOf } from './growth.ts';
import { mimirNeed } from './mimir.ts';
import { readScalePage, readScaleResult, scalePageWith } from './results.ts';
import type { ScaleFigures } from './scaleRow.ts';
import { textTables } from './scaleTables.ts';
import { PER_ASE, scaleRow } from './testing.ts';

const ROWS = [
  scaleRow({ ases: 2 }),
  scaleRow({ ases: 10 }),
  scaleRow({ ases: 100, intervalSeconds: 15 }),
  scaleRow({ ases: 1000, intervalSeconds: 15 }),
];

test('the tables on the page are what the kept result gives', () => {
  const page = readScalePage();
  assert.equal(page, scalePageWith(readScaleResult(), page), 'run ./playground bench --table');
});

test('a step that is carried has no bound', () => {
  const { step, figures } = scaleRow();
  assert.equal(boundOf(step, figures!), null);
});

test('each way of not being carried has its words', () => {
  const ways: [(figures: ScaleFigures) => void, RegExp][] = [
    [({ paths }) => Object.assign(paths.operator!, { begunShare: 0.5 }), /operator: the senders began 50 %/],
    [
      ({ paths }) => Object.assign(paths.network!, { failedExports: 3, trouble: 'too late' }),
      /network: 3 exports failed \(too late\)/,
    ],
    [({ paths }) => Object.assign(paths.operator!, { lostPoints: 9 }), /heap of 10 MiB refused or dropped 9/],
    [({ paths }) => Object.assign(paths.operator!, { lag: null }), /nothing new was seen/],
    [
      ({ paths }) => Object.assign(paths.operator!.lag!, { p95Ms: 5001 }),
      /visible only after 5\.0 s \(p95\)/,
    ],
    [({ paths }) => Object.assign(paths.operator!.lag!, { stalestMs: 8000 }), /8\.0 s old at the end/],
    [(figures) => Object.assign(figures, { asesSeen: 4 }), /only 4 of 10 ASEs got through/],
    [({ boards }) => Object.assign(boards[0]!, { failed: 2 }), /queries not answered: 2 of 30 on payments/],
    [(figures) => Object.assign(figures, { boardsLeftOut: 3 }), /no time left for 3 boards/],
    [
      (figures) => Object.assign(figures, { asesSeen: 4, machineBusyCores: 1.9, otherCores: 1.2 }),
      /1\.9 of 2 processors were busy, 1\.2 of them with something else$/,
    ],
  ];
  for (const [change, words] of ways) {
    const { step, figures } = scaleRow({}, change);
    assert.match(boundOf(step, figures!) ?? 'carried', words);
  }
  const busy = scaleRow({}, (figures) => Object.assign(figures, { machineBusyCores: 2 }));
  assert.equal(boundOf(busy.step, busy.figures!), null, 'a busy machine that carries the step is none');
});

test('growth is fitted to what took all in without limits, waiting to what was carried', () => {
  const squeezed = (figures: ScaleFigures) => Object.assign(figures.prometheus, { rssBytes: 1 });
  const growths = growthsOf([
    ...ROWS,
    scaleRow({ ases: 300 }, (figures) => {
      squeezed(figures);
      figures.paths.operator!.lostPoints = 1;
    }),
    scaleRow({ ases: 200 }, ({ boards }) => Object.assign(boards[0]!, { milliseconds: 1e6 }), 'late'),
    scaleRow({ ases: 400, limits: 'shipped' }, squeezed),
  ]);
  const { fit, by } = growths.prometheusMb!;
  assert.equal(by, 'thousand series');
  assert.equal(fit.points, ROWS.length + 1);
  assert.ok(Math.abs(fit.b - 4) < 1e-6 && Math.abs(fit.a - 60) < 1e-3, JSON.stringify(fit));
  assert.ok(Math.abs(growths.boardSeconds!.fit.b - 0.5) < 1e-9);
  assert.deepEqual(growthsOf(ROWS.slice(0, 2)), {}, 'two points say nothing about the curve');
});

test('one Prometheus ends where memory or processors do, whichever comes first', () => {
  const perAse = seriesPerAse(ROWS)!;
  assert.deepEqual(perAse, PER_ASE);
  const ends = endsOf(growthsOf(ROWS), perAse);
  assert.equal(ends.length, MACHINES.length);
  const [first] = ends as [(typeof ends)[0]];
  // Half of 8 GiB, less 60 MB, at 4000 bytes a series and 720 samples of 1.5 bytes each.
  assert.ok(Math.abs(first.series - (4 * 2 ** 30 - 60e6) / (4000 + 1080)) < 2, String(first.series));
  // Half of two processors, less 0.05, at 10 µs a sample.
  assert.ok(Math.abs(first.samplesPerSecond - 95_000) <= 1, String(first.samplesPerSecond));
  assert.equal(first.endedBy, 'memory');
  assert.equal(first.ases, Math.floor(first.series / 640));
  assert.equal(first.networkAses, Math.floor(first.series / 40));
  assert.deepEqual(endsOf({}, perAse), []);
});

test('the shipped limits end where the heap reaches what the configuration says', () => {
  assert.equal(softLimitBytes(OPERATOR_CONFIG), 48 * 2 ** 20);
  const growths = growthsOf(ROWS);
  const near = (series: number | undefined, expected: number) =>
    assert.ok(Math.abs(series! - expected) < 2, `${series}, not ${expected}`);
  near(shippedEnd(growths, 'operator'), (48 * 2 ** 20 - 8e6) / 500);
  near(shippedEnd(growths, 'network'), (2 * 24 * 2 ** 20 - 8e6) / 500);
  assert.equal(shippedEnd({}, 'operator'), undefined);
});

test('what Mimir needs follows the rules of its page', () => {
  const need = mimirNeed(3_000_000, 15, 100);
  assert.equal(need.samplesPerSecond, 200_000);
  assert.deepEqual(need.distributors, { cores: 8, memoryGb: 8 });
  assert.deepEqual(need.ingesters, { cores: 30, memoryGb: 75 });
  assert.deepEqual(need.queries, { cores: 20.4, memoryGb: 20.4 });
  assert.deepEqual(need.compactors, { cores: 1, memoryGb: 4 });
  assert.ok(Math.abs(need.total.cores - 59.4) < 1e-9);
  assert.ok(Math.abs(need.total.memoryGb - 1.5 * 107.4) < 1e-9);
  assert.equal(Math.round(need.blocksGb), 12_614);
  assert.equal(mimirNeed(50_000_000, 15, 0).compactors.cores, 3);
});

test('the terminal shows a line for each step, and the reason of each that was not carried', () => {
  const ended = { ...scaleRow({ ases: 5000 }), figures: null, bound: 'memory: 9 MiB resident' };
  const lines = textTables([...ROWS, ended]).split('\n');
  assert.equal(lines.length, 1 + ROWS.length + 1 + 1);
  assert.match(lines[4]!, /^ {2}1000 +15 s +both, raised +640 000 +42 667 .* yes$/);
  assert.match(lines[5]!, /5000 .* no$/);
  assert.match(lines[6]!, /5000 ASEs every 1 s \(both, raised\): memory: 9 MiB resident/);
});
