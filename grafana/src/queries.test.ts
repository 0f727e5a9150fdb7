import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { recordingRules } from '../../prometheus/alerting/recorded.ts';
import { GUIDE_SLA } from '../../prometheus/alerting/sla.ts';
import { CATALOGUE, type MetricName } from '../../telemetry/catalogue.ts';
import { LOAD_CATALOGUE, type LoadMetricName } from '../../telemetry/loadCatalogue.ts';
import { NETWORK_CATALOGUE, type NetworkMetricName } from '../../telemetry/networkCatalogue.ts';
import { USAGE_CATALOGUE, type UsageMetricName } from '../../telemetry/usageCatalogue.ts';
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
      const known = new Set<string>();
      for (const selection of selections) {
        if (isOfRules(selection)) {
          for (const label of LABELS_OF_RULES) known.add(label);
          for (const { label } of selection.matchers) assert.ok(LABELS_OF_RULES.includes(label), label);
          assert.equal(selection.range, undefined, 'what is recorded is no counter');
          continue;
        }
        const { labels, kind, isShared, job } = specOf(selection);
        const place = isShared ? ['network'] : ['instance'];
        const allowed = [...labels, 'job', ...place, ...(kind === 'histogram' ? ['le'] : [])];
        for (const label of allowed) known.add(label);
        for (const { label } of selection.matchers) assert.ok(allowed.includes(label), `no label ${label}`);
        assert.deepEqual(
          selection.matchers.find(({ label }) => label === 'job'),
          { label: 'job', operator: '=', value: job },
        );
        if (isShared) assert.ok(selection.matchers.some(({ label }) => label === 'network'));
        assertSaneUse(selection, kind);
      }
      for (const label of groupedBy) assert.ok(known.has(label), `no label ${label} to group by`);
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
    assert.doesNotMatch(
      source,
      /as PromQL|\b(selector|buckets|everywhere|shared|sharedByAll|sharedBuckets|reported|recorded|histogramCount|histogramSum)\(|\brate\(|\bsum by\b/,
      file,
    );
  }
});

test('an unknown metric, label or a syntax error is noticed', () => {
  assert.notDeepEqual(parsePromql('sum(').errors, []);
  assert.throws(
    () => specOf(parsePromql('payment_count_total{job="x"}').selections[0]!),
    /not in the catalogue/,
  );
});

/** What the rules record, and what Prometheus says about alerts. */
const RECORDED_NAMES = Object.values(recordingRules(GUIDE_SLA, 1)).flatMap((rules) =>
  rules.map(({ record }) => record),
);
const LABELS_OF_RULES = ['instance', 'alertname', 'alertstate', 'severity'];

function isOfRules({ series }: Selection): boolean {
  return series === 'ALERTS' || RECORDED_NAMES.includes(series);
}

function specOf({ series }: Selection) {
  const all = { ...CATALOGUE, ...NETWORK_CATALOGUE, ...USAGE_CATALOGUE, ...LOAD_CATALOGUE };
  const name = (series in all ? series : series.replace(HISTOGRAM_PART, '')) as
    | MetricName
    | NetworkMetricName
    | UsageMetricName
    | LoadMetricName;
  assert.ok(name in all, `${series} is not in the catalogue`);
  const isShared = name in NETWORK_CATALOGUE;
  const others = name in LOAD_CATALOGUE ? 'k6' : 'ilp-connector';
  const job = isShared ? 'RAFIKI_NETWORK' : name in USAGE_CATALOGUE ? 'usage' : others;
  const spec = { ...all[name], isShared, job };
  assert.equal(!(series in all), spec.kind === 'histogram', `${series} is a ${spec.kind}`);
  return spec;
}

const HISTOGRAM_PART = /_(bucket|sum|count)$/;

/** Counters only as increase, rate or lifetime total; buckets never un-rated; windows always anchored. */
function assertSaneUse({ series, range, anchored, wrappedIn }: Selection, kind: string): void {
  if (kind === 'gauge' || kind === 'updowncounter') assert.equal(range, undefined, series);
  if (series.endsWith('_bucket')) assert.match(wrappedIn ?? '', /^(rate|increase)$/, `${series} is rated`);
  if (range !== undefined) assert.match(wrappedIn ?? '', /^(rate|increase)$/);
  if (['1h', '1d', '1w', '30d'].includes(range ?? '')) assert.ok(anchored, `${series}[${range}] is exact`);
  if (anchored) assert.equal(wrappedIn, 'increase');
}
