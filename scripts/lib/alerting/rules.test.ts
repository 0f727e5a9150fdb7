import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { parsePromql } from '../../../grafana/src/testing/promqlTree.ts';
import { SEVERITIES } from '../../../prometheus/alerting/alert.ts';
import { secondsOf } from '../../../prometheus/alerting/duration.ts';
import { ALERTS } from '../../../prometheus/alerting/rules.ts';
import { CATALOGUE } from '../../../telemetry/catalogue.ts';
import { readEnv } from '../env.ts';
import { ROOT } from '../settings.ts';
import { committedAlertmanager, committedRules, rulesOf } from './files.ts';

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const rulesIn = (text: string) =>
  (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
const RULES = rulesIn(committedRules());
const RECORDED = RULES.flatMap(({ record }) => (record === undefined ? [] : [record]));
/** What Prometheus says of its own scrapes. */
const OF_SCRAPES = { up: ['job', 'instance'] };

test('the committed files are what the code says (./playground dashboards writes them)', () => {
  assert.equal(read('prometheus/rules/playground.yml'), committedRules());
  assert.equal(read('prometheus/alertmanager.yml'), committedAlertmanager());
  assert.deepEqual(
    rulesIn(rulesOf(readEnv({}))),
    RULES,
    '.env and the committed rules have the same promises',
  );
});

describe('the guide’s eleven alerts have its severities and times:', () => {
  const guide = {
    HighPacketErrorRate: ['warning', '2m'],
    SettlementFailures: ['critical', '1m'],
    LedgerUnavailable: ['critical', '1m'],
    ChannelDispute: ['high', undefined],
    HighP99Latency: ['warning', '5m'],
    LowThroughput: ['warning', '5m'],
    ConnectorDown: ['critical', '1m'],
    HighMemoryUsage: ['warning', '5m'],
    CriticalErrorSpike: ['critical', '1m'],
    SettlementSLABreach: ['warning', '5m'],
    PacketSLABreach: ['warning', '5m'],
  };
  for (const [name, [severity, time]] of Object.entries(guide)) {
    test(name, () => {
      const rule = RULES.find(({ alert }) => alert === name);
      assert.deepEqual([rule?.labels.severity, rule?.for], [severity, time]);
    });
  }
});

describe('every expression of the rules reads what there is:', () => {
  const known: Record<string, readonly string[]> = {
    ...Object.fromEntries(RECORDED.map((record) => [record, ['instance']])),
    ...Object.fromEntries(Object.entries(CATALOGUE).map(([name, { labels }]) => [name, labels])),
    ...OF_SCRAPES,
  };
  for (const { alert, record, expr } of RULES) {
    test(alert ?? record ?? '', () => {
      const { errors, selections } = parsePromql(expr);
      assert.deepEqual(errors, []);
      for (const { series, matchers, wrappedIn } of selections) {
        const name = series in known ? series : series.replace(/_bucket$/, '');
        assert.ok(name in known, `${series} is in no catalogue`);
        const labels = ['job', ...known[name]!];
        for (const { label } of matchers)
          assert.ok(labels.includes(label), `${series} has no label ${label}`);
        if (name.endsWith('_total'))
          assert.match(wrappedIn ?? '', /^(rate|increase)$/, `${series} is a counter`);
      }
    });
  }
});

describe('every alert', () => {
  for (const { name, severity } of ALERTS) {
    test(`${name} has a runbook, a panel to look at, and tests of firing, not firing and recovery`, () => {
      const { annotations } = RULES.find(({ alert }) => alert === name)!;
      const runbook = read(annotations.runbook!);
      assert.ok(runbook.startsWith(`# ${name}\n`), annotations.runbook);
      for (const part of ['## What it means', '## What to look at', '## What to do', '## When it is wrong'])
        assert.ok(runbook.includes(part), `${annotations.runbook}: ${part}`);
      assert.match(annotations.dashboard!, /^http:\/\/127\.0\.0\.1:13000\/d\/[\w-]+\?viewPanel=panel-\d+$/);
      const tests = parse(read(`prometheus/rules/tests/${name}.yml`)) as {
        tests: { promql_expr_test: { expr: string; exp_samples: unknown[] }[] }[];
      };
      const checks = tests.tests.map(({ promql_expr_test: all }) => all);
      for (const { expr } of checks.flat()) assert.ok(expr.includes(`alertname="${name}"`), expr);
      const fires = (all: (typeof checks)[number]) =>
        all.map(({ exp_samples: samples }) => samples.length > 0);
      assert.ok(
        checks.some((all) => fires(all).includes(true)),
        'fires',
      );
      if (severity === 'heartbeat') return;
      assert.ok(
        checks.some((all) => !fires(all).includes(true)),
        'does not fire',
      );
      assert.ok(
        checks.some(
          (all) => fires(all).lastIndexOf(true) < fires(all).length - 1 && fires(all).includes(true),
        ),
        'recovers',
      );
    });
  }

  test('there is no test or runbook of an alert that there is not', () => {
    const names = ALERTS.map(({ name }) => name).sort();
    const inFolder = (folder: string) =>
      readdirSync(path.join(ROOT, folder)).map((file) => path.parse(file).name);
    assert.deepEqual(inFolder('prometheus/rules/tests').sort(), names);
    assert.deepEqual(inFolder('docs/runbooks').sort(), names);
  });

  test('is told: every severity has a route of its own', () => {
    const { route, receivers } = parse(committedAlertmanager()) as {
      route: { routes: { matchers: string[]; receiver: string }[] };
      receivers: { name: string; webhook_configs: { url: string }[] }[];
    };
    for (const severity of SEVERITIES) {
      const own = route.routes.find(({ matchers }) => matchers.includes(`severity="${severity}"`));
      const receiver = receivers.find(({ name }) => name === own?.receiver);
      assert.ok(receiver?.webhook_configs[0]?.url, severity);
    }
  });
});

test('promises and speed are those of the settings', () => {
  const settings = readEnv({
    SLA_PACKET_SUCCESS_THRESHOLD: '0.95',
    SLA_P99_LATENCY_MS: '250',
    ALERT_SPEED: '20',
    PLAYGROUND_PORT_OFFSET: '50',
  });
  const rules = rulesIn(rulesOf(settings));
  const rule = (name: string) => rules.find(({ alert, record }) => (alert ?? record) === name)!;
  assert.match(rule('PacketSLABreach').expr, /> \(1 - 0\.95\)$/);
  assert.match(rule('HighP99Latency').expr, /> 0\.25 and /);
  assert.equal(rule('sla:packet_success:ratio').expr, 'vector(0.95)');
  assert.match(rule('HighP99Latency').annotations.dashboard!, /:13050\/d\//);
  for (const { alert, for: time } of RULES) {
    if (alert === undefined) continue;
    const faster = rule(alert).for;
    if (time === undefined) assert.equal(faster, undefined);
    else assert.equal(secondsOf(faster as '1s'), Math.ceil(secondsOf(time as '1m') / 20), alert);
  }
});
