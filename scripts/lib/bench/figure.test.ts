import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alternate } from './bench.ts';
import { benchReport, figureOf, figuresTable, isReached } from './figure.ts';

const START = {
  name: 'start',
  unit: 'seconds',
  ours: [4.2, 4.0, 5.0],
  baseline: [0.4, 0.5, 0.3],
  goal: 6,
} as const;

test('a figure holds the medians of its rounds, their ratio and their spread', () => {
  assert.deepEqual(figureOf(START), {
    name: 'start',
    unit: 'seconds',
    ours: 4.2,
    baseline: 0.4,
    ratio: 10.5,
    rounds: 3,
    goal: 6,
    spread: { ours: { min: 4, max: 5 }, baseline: { min: 0.3, max: 0.5 } },
  });
});

test('without a baseline there is no ratio, and none against nothing', () => {
  const alone = figureOf({ name: 'x', unit: 'MB', ours: [1, 2], baseline: [] });
  assert.deepEqual(
    [alone.baseline, alone.ratio, alone.spread.baseline, alone.goal],
    [null, null, null, null],
  );
  assert.equal(figureOf({ name: 'x', unit: 'MB', ours: [1], baseline: [0] }).ratio, null);
});

test('a report is its first figure, and holds all of them', () => {
  const down = { ...START, name: 'down', goal: 3 };
  const report = benchReport([START, down]);
  assert.equal(report.name, 'start');
  assert.deepEqual(
    report.figures.map(({ name }) => name),
    ['start', 'down'],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

test('a goal is an upper bound, for a rate a lower one', () => {
  assert.equal(isReached({ unit: 'seconds', ours: 6, goal: 6 }), true);
  assert.equal(isReached({ unit: 'seconds', ours: 6.1, goal: 6 }), false);
  assert.equal(isReached({ unit: 'payments/s', ours: 10, goal: 13 }), false);
  assert.equal(isReached({ unit: 'MB', ours: 10, goal: null }), null);
});

test('people see the spread of several rounds, and which goal was not reached', () => {
  const slow = figureOf({ ...START, ours: [7.25, 7.25, 7.251] });
  const once = figureOf({ name: 'rss', unit: 'MB', ours: [512.4], baseline: [] });
  assert.deepEqual(
    figuresTable([slow, once])
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)),
    [
      ['figure', 'unit', 'ours', 'baseline', 'ratio', 'goal'],
      ['start', 'seconds', '7.25 (7.25 … 7.25)', '0.4 (0.3 … 0.5)', '× 18.1', '≤ 6 NOT reached'],
      ['rss', 'MB', '512', '-', '-', '-'],
    ],
  );
});

test('of enough rounds they see how certain the median is', () => {
  const many = figureOf({ name: 'x', unit: 'percent', ours: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], baseline: [] });
  assert.deepEqual(many.interval, { min: 2, max: 9 });
  assert.match(figuresTable([many]), /5\.5 \(1 … 10\), 95 %: 2 … 9/);
});

test('rounds alternate, and who goes first changes', async () => {
  const order: string[] = [];
  const measure = (name: string) => async (round: number) => {
    order.push(`${name}${round}`);
    return round;
  };
  const context = { rounds: 3, say() {}, signal: new AbortController().signal };
  const results = await alternate(context, measure('o'), measure('b'));
  assert.deepEqual(order, ['o1', 'b1', 'b2', 'o2', 'o3', 'b3']);
  assert.deepEqual(results, { ours: [1, 2, 3], baseline: [1, 2, 3] });
});

test('an interruption ends the rounds', async () => {
  const interruption = new AbortController();
  const context = { rounds: 5, say() {}, signal: interruption.signal };
  let runs = 0;
  const run = async () => {
    runs++;
    interruption.abort(new Error('interrupted'));
  };
  await assert.rejects(alternate(context, run, run), /interrupted/);
  assert.equal(runs, 1);
});
