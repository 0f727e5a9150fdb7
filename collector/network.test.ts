import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import {
  NETWORK_CATALOGUE,
  NETWORK_LABEL,
  NETWORK_SERVICE_NAME,
  NETWORKS,
  type NetworkMetricName,
} from '../telemetry/networkCatalogue.ts';
import { NETWORK_CONFIGS } from './command.ts';

interface Common {
  processors: Record<
    string,
    { metric_conditions?: { conditions: string[] }[]; metric_statements?: { statements: string[] }[] }
  >;
  service: { pipelines: { metrics: { processors: string[]; exporters: string[] } } };
}

const COMMON = parse(readFileSync(NETWORK_CONFIGS.testnet[0], 'utf8')) as Common;
const SPECS = (Object.keys(NETWORK_CATALOGUE) as NetworkMetricName[]).map((name) => NETWORK_CATALOGUE[name]);
/** Rafiki's, which say nothing: taken off, but no reason to drop the point. */
const TAKEN_OFF = ['description', 'valueType', 'callName'];

describe('the network collectors let through what the catalogue has, and nothing else:', () => {
  test('its metrics', () => {
    const [condition] = conditionsOf('filter/metric');
    assert.deepEqual(listIn(condition!).sort(), SPECS.map(({ instrument }) => instrument).sort());
  });

  test('its kinds: what measures milliseconds is a histogram, all else a counter', () => {
    for (const { instrument, kind } of SPECS) {
      assert.equal(kind, instrument.endsWith('_ms') ? 'histogram' : 'counter', instrument);
    }
  });

  test('its attributes', () => {
    const [keys] = conditionsOf('filter/attribute');
    const labels = new Set<string>(SPECS.flatMap(({ labels }) => labels));
    assert.deepEqual(listIn(keys!), [...labels, ...TAKEN_OFF]);
    const kept = [...labels].map((label) => JSON.stringify(label)).join(', ');
    const rewriting = COMMON.processors['transform/rewrite']!.metric_statements!;
    assert.deepEqual(rewriting.at(-1)!.statements, [`keep_keys(attributes, [${kept}])`]);
    const withOperation = SPECS.filter(({ labels }) => (labels as readonly string[]).includes('operation'));
    assert.deepEqual(
      withOperation.map(({ instrument }) => instrument),
      ['ilp_prepare_packet_processing_ms'],
    );
  });

  test('its bounds of histograms', () => {
    const condition = conditionsOf('filter/value').find((text) => text.includes('explicit_bounds'));
    const bounds = JSON.parse(/\[[\d,]+(?=\\\\\])/.exec(condition!)![0].concat(']')) as number[];
    for (const spec of SPECS) if ('buckets' in spec) assert.deepEqual([...spec.buckets], bounds);
  });

  test('its service', () => {
    assert.ok(conditionsOf('filter/sender')[0]!.endsWith(`!= "${NETWORK_SERVICE_NAME}"`));
  });
});

describe('the two networks', () => {
  for (const network of NETWORKS) {
    test(`${network}.yaml says nothing but its name, which every series gets last`, () => {
      const own: unknown = parse(readFileSync(NETWORK_CONFIGS[network][1], 'utf8'));
      const actions = [{ key: NETWORK_LABEL, value: network, action: 'upsert' }];
      assert.deepEqual(own, { processors: { 'attributes/network': { actions } } });
      assert.equal(COMMON.service.pipelines.metrics.processors.at(-1), 'attributes/network');
    });
  }
});

function conditionsOf(filter: string): string[] {
  return (COMMON.processors[filter]?.metric_conditions ?? []).flatMap(({ conditions }) => conditions);
}

/** The first `(a|b|c)` of a pattern. */
function listIn(pattern: string): string[] {
  return /\((\w+(?:\|\w+)+)\)/.exec(pattern)![1]!.split('|');
}
