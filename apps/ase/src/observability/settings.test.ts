import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { temporaryFolder } from '../ledger/testing.ts';
import { readSettings, SettingsError } from '../settings.ts';
import { withAliases } from './aliases.ts';
import { readConfigFile } from './configFile.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const secretsFile = `${folder}/secrets.json`;
writeFileSync(secretsFile, JSON.stringify({ adminToken: 'x'.repeat(32), peerTokens: {} }));
const MINIMAL = {
  ASE_NAME: 'a',
  ASE_PORT: '0',
  ASE_PUBLIC_URL: 'http://127.0.0.1:1',
  ASE_ILP_ADDRESS: 'test.a',
  ASE_ASSET_CODE: 'USD',
  ASE_ASSET_SCALE: '2',
  ASE_DATA_DIR: folder,
  ASE_SECRETS_FILE: secretsFile,
  ASE_RATES_URL: 'http://127.0.0.1:3/rates',
};
const read = (env: Record<string, string>) => readSettings({ ...MINIMAL, ...env }).observability;

function fileWith(text: string): string {
  const file = `${folder}/connector-config.yaml`;
  writeFileSync(file, text);
  return file;
}

function problemsOf(env: Record<string, string>): string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

/** The whole reference of the guide, but for the port: the ASE speaks gRPC. */
const GUIDE = `
observability:
  prometheus:
    enabled: true # Enable Prometheus metrics
    metricsPath: '/observed'
    includeDefaultMetrics: false
    labels:
      environment: 'production, eu'
      nodeId: 'connector-1'
  opentelemetry:
    enabled: true
    serviceName: 'my-connector'
    exporterEndpoint: 'http://jaeger:4317'
    samplingRatio: 0.1
  sla:
    packetSuccessRateThreshold: 0.999
    settlementSuccessRateThreshold: 0.99
    p99LatencyThresholdMs: 10
`;

test('without anything set there is a page, default metrics, and nothing more on the resource', () => {
  assert.deepEqual(read({}), {
    metricsPath: '/metrics',
    defaultMetrics: true,
    resourceAttributes: {},
    traceServiceName: 'ilp-connector',
  });
});

describe('the guide’s configuration file', () => {
  test('says what the variables say', () => {
    assert.deepEqual(read({ ASE_CONFIG_FILE: fileWith(GUIDE) }), {
      metricsPath: '/observed',
      defaultMetrics: false,
      resourceAttributes: { environment: 'production, eu', nodeId: 'connector-1' },
      traceServiceName: 'my-connector',
    });
    const problems: string[] = [];
    const values = withAliases(readConfigFile(fileWith(GUIDE), problems), problems);
    assert.deepEqual(problems, []);
    assert.equal(values.ENABLE_TELEMETRY_TRACES, 'true');
    assert.equal(values.OPEN_TELEMETRY_TRACE_COLLECTOR_URLS, 'http://jaeger:4317');
    assert.equal(values.OTEL_SAMPLING_RATIO, '0.1');
  });
  test('gives way to the environment', () => {
    const env = {
      ASE_CONFIG_FILE: fileWith(GUIDE),
      PROMETHEUS_METRICS_PATH: '/other',
      OTEL_ENABLED: 'false',
    };
    assert.equal(read(env).metricsPath, '/other');
    assert.equal(read({ ...env, PROMETHEUS_ENABLED: 'false' }).metricsPath, undefined);
  });
  test('is refused with all its mistakes, each by its place', () => {
    const wrong = fileWith(`
observability:
  prometheus: { enabled: 'yes', metricPath: /metrics }
  opentelemetry: { samplingRatio: 2 }
  sla: { packetSuccessRateThreshold: 99.9 }
`);
    const text = problemsOf({ ASE_CONFIG_FILE: wrong, ASE_PORT: 'none' }).join('\n');
    for (const place of [
      'prometheus.enabled',
      'metricPath',
      'samplingRatio',
      'packetSuccessRateThreshold',
      'ASE_PORT',
    ])
      assert.match(text, new RegExp(place));
  });
  test('that is missing, no YAML, too large or a bomb is one problem, and no crash', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
    ].join('\n');
    for (const text of ['observability: [', '', '- 1', bomb, `# ${'x'.repeat(70_000)}`]) {
      const problems = problemsOf({ ASE_CONFIG_FILE: fileWith(text) });
      assert.equal(problems.length, 1, text.slice(0, 20));
      assert.match(problems[0]!, /^ASE_CONFIG_FILE: /);
    }
    assert.match(problemsOf({ ASE_CONFIG_FILE: `${folder}/absent.yaml` }).join(), /cannot read/);
  });
  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const problems: string[] = [];
        const values = readConfigFile(fileWith(text), problems);
        assert.ok(problems.length > 0 ? Object.keys(values).length === 0 : true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the guide’s names for traces', () => {
  const of = (given: Record<string, string>) => {
    const problems: string[] = [];
    const { ENABLE_TELEMETRY_TRACES, OPEN_TELEMETRY_TRACE_COLLECTOR_URLS } = withAliases(given, problems);
    return { on: ENABLE_TELEMETRY_TRACES, to: OPEN_TELEMETRY_TRACE_COLLECTOR_URLS, problems };
  };
  test('stand for Rafiki’s', () => {
    const endpoint = 'http://collector:4317';
    assert.deepEqual(of({ OTEL_ENABLED: 'true', OTEL_EXPORTER_ENDPOINT: endpoint }), {
      on: 'true',
      to: endpoint,
      problems: [],
    });
    assert.deepEqual(of({ OTEL_ENABLED: 'true' }), { on: 'true', to: 'http://localhost:4317', problems: [] });
    assert.deepEqual(of({}), { on: undefined, to: undefined, problems: [] });
  });
  test('leave Rafiki’s as they are, and must not contradict them', () => {
    const rafiki = { ENABLE_TELEMETRY_TRACES: 'true', OPEN_TELEMETRY_TRACE_COLLECTOR_URLS: 'http://a:4317' };
    assert.deepEqual(of({ ...rafiki, OTEL_ENABLED: 'true' }), {
      on: 'true',
      to: 'http://a:4317',
      problems: [],
    });
    assert.match(of({ ...rafiki, OTEL_ENABLED: 'false' }).problems.join(), /^OTEL_ENABLED: /);
    assert.match(
      of({ ...rafiki, OTEL_EXPORTER_ENDPOINT: 'http://b:4317' }).problems.join(),
      /^OTEL_EXPORTER_ENDPOINT: /,
    );
  });
});

test('what makes no sense is refused by its variable', () => {
  const wrong: Record<string, string> = {
    PROMETHEUS_ENABLED: 'yes',
    PROMETHEUS_METRICS_PATH: 'metrics',
    OTEL_RESOURCE_ATTRIBUTES: 'environment',
    OTEL_SERVICE_NAME: '\n',
    OTEL_ENABLED: '1',
    // The port of OTLP over HTTP, as in the guide's example: nothing there would take gRPC.
    OTEL_EXPORTER_ENDPOINT: 'http://jaeger:4318/v1/traces',
  };
  const problems = problemsOf(wrong).join('\n');
  for (const name of Object.keys(wrong)) assert.match(problems, new RegExp(`^${name}: `, 'm'));
  for (const path of ['/ilp', '/quotes/x', '/admin', '/a b', '/%2e', '//']) {
    assert.match(problemsOf({ PROMETHEUS_METRICS_PATH: path }).join(), /^PROMETHEUS_METRICS_PATH: /, path);
  }
  assert.match(problemsOf({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=x' }).join(), /set by the ASE itself/);
  assert.match(problemsOf({ OTEL_RESOURCE_ATTRIBUTES: 'a=1,a=2' }).join(), /twice/);
  const many = Array.from({ length: 17 }, (_, i) => `a${i}=1`).join(',');
  assert.match(problemsOf({ OTEL_RESOURCE_ATTRIBUTES: many }).join(), /at most 16/);
});
