import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prometheusName } from './names.ts';
import { NETWORK_CATALOGUE, NETWORK_COUNTERS, type NetworkMetricName } from './networkCatalogue.ts';

const NAMES = Object.keys(NETWORK_CATALOGUE) as NetworkMetricName[];

test('every instrument becomes its catalogue name', () => {
  for (const name of NAMES) {
    const spec = NETWORK_CATALOGUE[name];
    assert.equal(prometheusName(spec.instrument, spec), name);
  }
});

test('counters are what the ledger knows, histograms what a process measures', () => {
  assert.deepEqual(
    NAMES.filter((name) => NETWORK_CATALOGUE[name].source === 'ledger'),
    NETWORK_COUNTERS,
  );
});

test('every series says who sends it', () => {
  for (const name of NAMES)
    assert.ok((NETWORK_CATALOGUE[name].labels as readonly string[]).includes('source'));
});
