import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureTools } from '../scripts/lib/tools/ensure.ts';
import { CATALOGUE, type MetricName, PACKET_OUTCOMES, PAYMENT_OUTCOMES } from '../telemetry/catalogue.ts';
import { parsePrometheusText, type TextSample } from '../telemetry/textFormat.ts';
import { KillableAse } from './testing/killableAse.ts';
import { type Pipeline, startPipeline } from './testing/pipeline.ts';
import { until } from './testing/program.ts';

const COUNTERS = (Object.keys(CATALOGUE) as MetricName[]).filter(
  (name) => CATALOGUE[name].kind === 'counter',
);
/** A label set that this version of the ASE does not know: older books have it. */
const RETIRED_CAUSE = { type: 'retired_cause', severity: 'warning' };
const OURS = '{job="ilp-connector"}';

describe('the way of a number from the SDK to Prometheus', () => {
  let pipeline: Pipeline;
  let ase: KillableAse;

  before(async () => {
    const { signal } = new AbortController();
    pipeline = await startPipeline(
      await ensureTools(['otelcol', 'prometheus'], { say: console.error, signal }),
    );
    ase = new KillableAse({
      aseName: 'cloud-nine',
      endpoint: pipeline.otlpEndpoint,
      exportIntervalMs: 250,
      assets: ['USD'],
      peers: [{ id: 'happy-life', assetCode: 'USD' }],
    });
    ase.enter('connector_errors_total', RETIRED_CAUSE, 7n);
    await ase.start();
  });

  after(async () => {
    await ase?.kill();
    await pipeline?.stop();
  });

  test('every series of the catalogue arrives with exactly its name and labels, and counters start at 0', async () => {
    const seen = await until('all metrics are in Prometheus', async () => {
      const samples = await query(OURS);
      const names = new Set(samples.map(({ name }) => familyOf(name)));
      return Object.keys(CATALOGUE).every((name) => names.has(name)) && samples;
    });
    const resource = seen
      .filter(({ name }) => name === 'target_info')
      .map(({ labels }) => Object.keys(labels));
    assert.deepEqual(resource, [
      ['instance', 'job', 'service_instance_id', 'service_name', 'service_version'],
    ]);
    for (const { name, labels } of seen.filter(({ name }) => name !== 'target_info')) {
      const family = familyOf(name);
      assert.ok(family in CATALOGUE, `${name} is not in the catalogue`);
      const bucket = name.endsWith('_bucket') ? ['le'] : [];
      assert.deepEqual(
        Object.keys(labels).sort(),
        [...CATALOGUE[family as MetricName].labels, 'instance', 'job', ...bucket].sort(),
        name,
      );
      assert.equal(labels.instance, 'cloud-nine');
    }
    const counters = seen.filter(({ name }) => (COUNTERS as string[]).includes(name));
    assert.ok(counters.length >= PACKET_OUTCOMES.length + PAYMENT_OUTCOMES.length);
    for (const { name, labels, value } of counters) {
      assert.equal(value, labels.type === RETIRED_CAUSE.type ? '7' : '0', name);
    }
    const latency = seen.filter(({ name }) => name === 'ilp_packet_latency_seconds_count');
    assert.deepEqual(
      latency.map(({ value }) => value),
      ['0'],
    );
  });

  test('all totals arrive exactly although collector, Prometheus and ASE are killed on the way', async () => {
    const startedAtMs = Date.now();
    const before = new Map(
      ase.totals.map((total) => [selectorOf(total.quantity, total.labels), total.value]),
    );
    await someEvents(ase);
    await pipeline.collector.kill();
    await someEvents(ase);
    await pipeline.collector.start();
    await someEvents(ase);
    await pipeline.prometheus.kill();
    await someEvents(ase);
    await pipeline.prometheus.start();
    await someEvents(ase);
    // What happened since the last export is in the books only.
    await ase.kill();
    await ase.start();
    await someEvents(ase);
    await Promise.all([ase.kill(), pipeline.collector.kill(), pipeline.prometheus.kill()]);
    await Promise.all([ase.start(), pipeline.collector.start(), pipeline.prometheus.start()]);

    const books = ase.totals
      .map(({ quantity, labels, value }) => row(quantity, labels, String(value)))
      .sort();
    await until('every hop says what the books say', async () => {
      const inPrometheus = countersOf(await query(OURS));
      assert.deepEqual(
        inPrometheus.filter((line) => !line.endsWith(' 0')),
        books,
      );
      assert.deepEqual(countersOf(await collectorSamples()), inPrometheus);
      assert.deepEqual(countersOf(parsePrometheusText(await ase.metricsText())), inPrometheus);
      return true;
    });

    const windowSeconds = Math.ceil((Date.now() - startedAtMs) / 1000);
    for (const { quantity, labels, value } of ase.totals) {
      const selector = selectorOf(quantity, labels);
      const [increase] = await query(
        `increase(${selector}[${windowSeconds}s] anchored)`,
        startedAtMs / 1000 + windowSeconds,
      );
      assert.equal(increase?.value, String(value - (before.get(selector) ?? 0n)), `increase of ${selector}`);
      const [resets] = await query(`resets(${selector}[10m])`);
      assert.equal(resets?.value, '0', `${selector} went back`);
    }
  });

  test('what the collector took while Prometheus was away arrives with its own time, even when both are killed', async () => {
    await pipeline.prometheus.kill();
    const awayFromMs = Date.now();
    await ase.happen('account_credits_total', { peer_id: 'happy-life' }, 11n);
    await until('the collector has it', async () =>
      (await collectorSamples()).some(
        ({ name, value }) => name === 'account_credits_total' && value === '11',
      ),
    );
    const awayToMs = Date.now();
    await Promise.all([ase.kill(), pipeline.collector.kill()]);
    await pipeline.prometheus.start();
    await pipeline.collector.start();

    const sampleAtSeconds = await until('the sample is in Prometheus', async () => {
      const [series] = await ask<{ values: [number, string][] }>('account_credits_total[5m]');
      return series?.values.find(([, value]) => value === '11')?.[0];
    });
    const sampleAtMs = sampleAtSeconds * 1000;
    assert.ok(sampleAtMs >= awayFromMs && sampleAtMs <= awayToMs);
  });

  async function query(expression: string, atSeconds?: number): Promise<TextSample[]> {
    const result = await ask<{ metric: Record<string, string>; value: [number, string] }>(
      expression,
      atSeconds,
    );
    return result.map(({ metric: { __name__ = '', ...labels }, value }) => ({
      name: __name__,
      labels,
      value: value[1],
    }));
  }

  async function ask<Result>(expression: string, atSeconds = Date.now() / 1000): Promise<Result[]> {
    const parameters = new URLSearchParams({ query: expression, time: String(atSeconds) });
    const answer = await fetch(`${pipeline.prometheusUrl}/api/v1/query?${parameters}`);
    const { data, error } = (await answer.json()) as { data?: { result: Result[] }; error?: string };
    assert.ok(data, error);
    return data.result;
  }

  async function collectorSamples(): Promise<TextSample[]> {
    return parsePrometheusText(await (await fetch(pipeline.exportedUrl)).text());
  }
});

/** A second of payments, so that several exports happen in between. */
async function someEvents(ase: KillableAse): Promise<void> {
  const payment = { direction: 'outgoing', asset: 'USD' };
  for (let index = 1; index <= 50; index += 1) {
    await ase.happen('payment_amount_units_total', payment, BigInt(index) * 1_000_003n);
    await ase.happen('payments_total', { ...payment, state: 'completed' }, 1n);
    await ase.happen('ilp_packets_processed_total', { type: 'prepare', status: 'fulfilled' }, 3n);
    await ase.happen('connector_errors_total', RETIRED_CAUSE, 1n);
    await sleep(20);
  }
}

function selectorOf(name: string, labels: Record<string, string>): string {
  return `${name}{${Object.entries(labels).map(([key, text]) => `${key}="${text}"`)}}`;
}

function countersOf(samples: readonly TextSample[]): string[] {
  return samples
    .filter(({ name }) => (COUNTERS as string[]).includes(name))
    .map(({ name, labels: { job: _job, instance: _instance, ...labels }, value }) => row(name, labels, value))
    .sort();
}

function row(name: string, labels: Record<string, string>, value: string): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}=${text}`);
  return `${name} ${pairs.sort().join(' ')} ${Number(value)}`;
}

function familyOf(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, '');
}
