import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { CATALOGUE, type MetricName } from '../../telemetry/catalogue.ts';
import { generateBoards } from './generate.ts';
import { VARIABLE_QUERIES } from './queries.ts';
import { parsePromql, type Selection } from './testing/promqlTree.ts';
import { type Chosen, interpolate, shownPanels } from './testing/shownPanels.ts';

const CHOSEN: Chosen = { instances: ['cloud-nine', 'happy-life'], assets: ['EUR', 'USD'] };

/** Every expression that the boards hold, annotations and variables included. */
const EXPRESSIONS = Object.values(generateBoards()).flatMap((board) => [
  ...shownPanels(board, CHOSEN).flatMap(({ title, targets }) =>
    targets.map(({ refId, expr }) => ({ where: `${board.uid}: ${title} ${refId}`, expr })),
  ),
  ...(board.annotations?.list ?? []).map(({ name, expr }) => ({
    where: `${board.uid}: annotation ${name}`,
    expr: interpolate(expr!, undefined, CHOSEN),
  })),
  ...Object.entries(VARIABLE_QUERIES).map(([name, query]) => ({
    where: `${board.uid}: variable ${name}`,
    expr: interpolate(/^label_values\((.+), \w+\)$/.exec(query)![1]!, undefined, CHOSEN),
  })),
]);

describe('every expression of the boards', () => {
  for (const { where, expr } of EXPRESSIONS) {
    test(where, () => {
      assert.doesNotMatch(expr, /\$/, 'no variable is left');
      const { errors, selections, groupedBy } = parsePromql(expr);
      assert.deepEqual(errors, []);
      assert.ok(selections.length > 0);
      for (const selection of selections) {
        const { labels, kind } = specOf(selection);
        const allowed = [...labels, 'job', 'instance', ...(kind === 'histogram' ? ['le'] : [])];
        for (const { label } of selection.matchers) assert.ok(allowed.includes(label), `no label ${label}`);
        for (const label of groupedBy) assert.ok(allowed.includes(label), `no label ${label} to group by`);
        assert.deepEqual(
          selection.matchers.find(({ label }) => label === 'job'),
          { label: 'job', operator: '=', value: 'ilp-connector' },
        );
        assertSaneUse(selection, kind);
      }
    });
  }
});

test('PromQL is written in queries.ts and selector.ts alone', () => {
  const elsewhere = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      !file.endsWith('.test.ts') &&
      !file.startsWith('testing') &&
      !['queries.ts', 'selector.ts'].includes(file),
  );
  assert.ok(elsewhere.length > 10);
  for (const file of elsewhere) {
    const source = readFileSync(path.join(import.meta.dirname, file), 'utf8');
    assert.doesNotMatch(source, /as PromQL|\b(selector|buckets|everywhere)\(|\brate\(|\bsum by\b/, file);
  }
});

test('an unknown metric, label or a syntax error is noticed', () => {
  assert.notDeepEqual(parsePromql('sum(').errors, []);
  assert.throws(
    () => specOf(parsePromql('payment_count_total{job="x"}').selections[0]!),
    /not in the catalogue/,
  );
});

function specOf({ series }: Selection) {
  const name = series in CATALOGUE ? series : series.replace(/_bucket$/, '');
  assert.ok(name in CATALOGUE, `${series} is not in the catalogue`);
  const spec = CATALOGUE[name as MetricName];
  assert.equal(series.endsWith('_bucket'), spec.kind === 'histogram', `${series} is a ${spec.kind}`);
  return spec;
}

/** Counters only as increase, rate or lifetime total; buckets never un-rated; windows always anchored. */
function assertSaneUse({ series, range, anchored, wrappedIn }: Selection, kind: string): void {
  if (kind === 'gauge' || kind === 'updowncounter') assert.equal(range, undefined, series);
  if (kind === 'histogram') assert.match(wrappedIn ?? '', /^(rate|increase)$/, `${series} is rated`);
  if (range !== undefined) assert.match(wrappedIn ?? '', /^(rate|increase)$/);
  if (['1h', '1d', '1w', '30d'].includes(range ?? '')) assert.ok(anchored, `${series}[${range}] is exact`);
  if (anchored) assert.equal(wrappedIn, 'increase');
}
