import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { loadReport, loadText } from './report.ts';
import { SCENARIOS, scriptOf } from './scenarios.ts';
import { countsOf, crossedIn, summaryIn } from './summary.ts';

const LINE = `LOAD ${JSON.stringify({
  run: 'smoke-1',
  scenario: 'smoke',
  durationMs: 10_000,
  metrics: {
    'load_payments{ase:cloud-nine,direction:outgoing,state:completed}': {
      values: { count: 30, rate: 3 },
      crossed: [],
    },
    'load_payments{ase:happy-life,direction:outgoing,state:failed}': { values: { count: 1 }, crossed: [] },
    load_payment_duration: {
      values: { med: 12.34, 'p(95)': 50, 'p(99)': 60, max: 70 },
      crossed: ['p(95)<40'],
    },
    http_req_failed: { values: { rate: 0.02, passes: 2, fails: 98 }, crossed: [] },
    http_reqs: { values: { count: 100 }, crossed: [] },
  },
})}`;

test('the summary is found among the lines of k6, and nothing else is one', () => {
  assert.equal(summaryIn('running (0m01.0s), 2/2 VUs, 0 complete and 0 interrupted iterations'), undefined);
  assert.equal(summaryIn(LINE)?.run, 'smoke-1');
  assert.throws(() => summaryIn('LOAD {"run":"smoke-1"}'));
});

test('counts come with their labels', () => {
  assert.deepEqual(countsOf(summaryIn(LINE)!, 'load_payments'), [
    { labels: { ase: 'cloud-nine', direction: 'outgoing', state: 'completed' }, count: 30 },
    { labels: { ase: 'happy-life', direction: 'outgoing', state: 'failed' }, count: 1 },
  ]);
});

test('a crossed threshold is told, and makes the report say so', () => {
  const summary = summaryIn(LINE)!;
  assert.deepEqual(crossedIn(summary), ['load_payment_duration: p(95)<40']);
  const report = loadReport(summary, []);
  assert.deepEqual(report.payments, { completed: 30, failed: 1, perSecond: 3 });
  assert.deepEqual(report.requests, { number: 100, failed: 2, p95Ms: 0 });
  assert.match(loadText(report), /1 crossed:\n {4}load_payment_duration: p\(95\)<40/);
});

test('every scenario has its script', () => {
  for (const scenario of SCENARIOS) assert.ok(existsSync(scriptOf(scenario)), scenario);
});
