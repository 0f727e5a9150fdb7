import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Readiness } from './admin/readiness.ts';
import { observeDependencies } from './observeDependencies.ts';

test('telemetry tells of each dependency what the newest look found, and nothing before it', () => {
  const readers = new Map<string, () => { labels: Record<string, string>; value: number }[]>();
  let known: Readiness | undefined;
  observeDependencies({ observe: (name, read) => void readers.set(name, read) }, { known: () => known });
  const read = (name: string) => readers.get(name)!();
  assert.deepEqual(read('connector_dependency_up'), []);
  known = {
    ready: false,
    lookedAt: '2026-01-01T00:00:00Z',
    dependencies: {
      ledger: { ok: true, required: true, latencyMs: 0.4 },
      'peer:happy-life': { ok: false, required: true, latencyMs: 2000, detail: 'no answer' },
    },
  };
  assert.deepEqual(read('connector_dependency_up'), [
    { labels: { dependency: 'ledger' }, value: 1 },
    { labels: { dependency: 'peer:happy-life' }, value: 0 },
  ]);
  assert.deepEqual(
    read('connector_dependency_latency_seconds').map(({ value }) => value),
    [0.0004, 2],
  );
});
