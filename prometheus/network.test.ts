import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureTools } from '../scripts/lib/tools/ensure.ts';
import { NETWORK_CATALOGUE } from '../telemetry/networkCatalogue.ts';
import { parsePrometheusText, type TextSample } from '../telemetry/textFormat.ts';
import { GrpcSender } from './testing/grpcSender.ts';
import {
  type NetworkPipeline,
  type NetworkReplica,
  startNetworkPipeline,
} from './testing/networkPipeline.ts';
import { type Attributes, type MessageSpec, type OtlpMetric, otlpMessage } from './testing/otlpMessage.ts';
import { until } from './testing/program.ts';
import { PlayedRafiki } from './testing/rafiki.ts';

const BOUNDS = NETWORK_CATALOGUE.ilp_pay_time_ms.buckets;
const COUNTS = [...BOUNDS, Number.POSITIVE_INFINITY].map(() => 1);
const OURS = '{job=~".*RAFIKI.*|.*rafiki.*"}';
/** What a container has; see docker-compose.yml. */
const MEMORY_LIMIT_BYTES = 96 * 2 ** 20;

const programs = () =>
  ensureTools(['otelcol', 'prometheus'], { say: console.error, signal: new AbortController().signal });

describe('network collectors and their balancer', () => {
  let pipeline: NetworkPipeline;
  let rafikis: PlayedRafiki[] = [];

  before(async () => {
    pipeline = await startNetworkPipeline(await programs(), 'testnet');
  });
  after(async () => {
    await Promise.all(rafikis.map((rafiki) => rafiki.stop()));
    await pipeline?.stop();
  });

  test('what Rafikis send arrives exactly, and never goes back, while replicas and Prometheus die and freeze', async () => {
    const names = ['one', 'two', 'three'];
    const start = () => names.map((name) => new PlayedRafiki(name, pipeline.balancerUrl, 200));
    rafikis = start();
    const [first, second] = pipeline.replicas as [NetworkReplica, NetworkReplica];
    await somePayments();
    await first.program.kill();
    await somePayments();
    await first.program.start();
    await balancerSays(() => true);
    await second.program.kill();
    await somePayments();
    await second.program.start();
    await balancerSays((replicas) => replicas.every(({ healthy }) => healthy));
    // Frozen, with messages in it that it will send when others have sent newer ones.
    process.kill(first.program.pid!, 'SIGSTOP');
    await somePayments();
    await balancerSays(([one]) => one!.healthy === false);
    await somePayments();
    process.kill(first.program.pid!, 'SIGCONT');
    await pipeline.prometheus.kill();
    await somePayments();
    await pipeline.prometheus.start();
    await somePayments();

    const expected = new Map(
      names.flatMap((name): [string, number][] => [
        [`transactions_total ${name}`, paid.get(name)!.count],
        [`packet_count_prepare_total ${name}`, paid.get(name)!.count],
        [`packet_count_fulfill_total ${name}`, paid.get(name)!.count],
        [`packet_amount_fulfill_total ${name}`, paid.get(name)!.units],
        [`ilp_prepare_packet_processing_ms_count ${name}`, paid.get(name)!.count],
        [`ilp_prepare_packet_processing_ms_sum ${name}`, paid.get(name)!.count * 12],
        // A Rafiki calls it `pay_time_ms`.
        [`ilp_pay_time_ms_count ${name}`, paid.get(name)!.count],
        [`ilp_pay_time_ms_sum ${name}`, paid.get(name)!.count * 40],
      ]),
    );
    await until('Prometheus and the collectors say what happened', async () => {
      assert.deepEqual(totalsOf(await query(pipeline, OURS)), expected);
      assert.deepEqual(totalsOf(await newestExported()), expected);
      return true;
    });
    for (const name of new Set((await query(pipeline, OURS)).map((sample) => sample.name))) {
      for (const { labels, value } of await query(pipeline, `resets(${name}[10m])`)) {
        assert.equal(value, '0', `${name}${JSON.stringify(labels)} went back`);
      }
    }
  });

  test('every series has exactly the labels of the catalogue, who sends it, and the network', async () => {
    for (const { name, labels } of await query(pipeline, OURS)) {
      const family = name.replace(/_(bucket|sum|count)$/, '');
      assert.ok(family in NETWORK_CATALOGUE, name);
      const spec = NETWORK_CATALOGUE[family as keyof typeof NETWORK_CATALOGUE];
      const le = name.endsWith('_bucket') ? ['le'] : [];
      assert.deepEqual(
        Object.keys(labels).sort(),
        [...spec.labels, 'instance', 'job', 'network', ...le].sort(),
        name,
      );
      assert.deepEqual(
        [labels.job, labels.instance, labels.network],
        ['RAFIKI_NETWORK', labels.source, 'testnet'],
      );
    }
  });

  test('what a Rafiki sends beyond that is dropped, and counted', async () => {
    const dropped = await Promise.all(pipeline.replicas.map(droppedBy));
    assert.ok(dropped.some((counts) => (counts.get('filter/metric') ?? 0) > 0));
    const others = dropped.flatMap((counts) => [...counts].filter(([filter]) => filter !== 'filter/metric'));
    assert.ok(others.every(([, count]) => count === 0));
  });

  test('where everybody may come, a flood of senders ends at the memory limit, and the other replica goes on', async () => {
    const [first, second] = pipeline.replicas as [NetworkReplica, NetworkReplica];
    const taken = await flood(first, { connections: 1 });
    assert.ok(taken < 10 * STRANGERS, 'it never said no');
    assert.ok(peakMemoryBytes(first) < MEMORY_LIMIT_BYTES, `${peakMemoryBytes(first)} bytes`);
    const refused = await countsOf(first, 'otelcol_receiver_refused_metric_points', 'receiver');
    assert.equal(refused.get('otlp'), 10 * STRANGERS - taken);
    assert.equal((await fetch(first.metricsUrl)).status, 200);
    const sender = new GrpcSender(second.otlpUrl);
    const points = [{ attributes: [['source', 'one']] as const, value: 1e9 }];
    const metrics = [{ name: 'transactions_total', points }];
    assert.equal(
      (await sender.send(otlpMessage({ resource: [['service.name', 'RAFIKI_NETWORK']], metrics }))).status,
      0,
    );
    sender.close();
  });

  const paid = new Map<string, { count: number; units: number }>();

  async function somePayments(): Promise<void> {
    for (let i = 1; i <= 60; i += 1) {
      for (const rafiki of rafikis) {
        const before = paid.get(rafiki.name) ?? { count: 0, units: 0 };
        const units = i * 1_000_003;
        rafiki.pay(units);
        paid.set(rafiki.name, { count: before.count + 1, units: before.units + units });
      }
      await sleep(20);
    }
  }

  function balancerSays(isIt: (replicas: { healthy: boolean }[]) => boolean): Promise<unknown> {
    return until('the balancer has noticed', async () => {
      const state = (await (await fetch(pipeline.balancerHealthUrl)).json()) as {
        replicas: { healthy: boolean }[];
      };
      return isIt(state.replicas);
    });
  }

  /** Of every series, what the replica says that saw it last. */
  async function newestExported(): Promise<TextSample[]> {
    const newest = new Map<string, TextSample>();
    for (const { exportedUrl } of pipeline.replicas) {
      for (const sample of parsePrometheusText(await (await fetch(exportedUrl)).text())) {
        const key = JSON.stringify([sample.name, sample.labels]);
        const known = newest.get(key)?.timestampMs ?? 0;
        if ((sample.timestampMs ?? 0) > known) newest.set(key, sample);
      }
    }
    return [...newest.values()];
  }

  function totalsOf(samples: readonly TextSample[]): Map<string, number> {
    return new Map(
      samples
        .filter(({ name }) => !name.endsWith('_bucket'))
        .map(({ name, labels, value }) => [`${name} ${labels.source}`, Number(value)] as [string, number])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
});

describe('a network collector under attack', () => {
  let pipeline: NetworkPipeline;
  let replica: NetworkReplica;
  let sender: GrpcSender;

  before(async () => {
    pipeline = await startNetworkPipeline(await programs(), 'livenet', 'good|better');
    replica = pipeline.replicas[0]!;
    sender = new GrpcSender(replica.otlpUrl);
  });
  after(async () => {
    sender?.close();
    await pipeline?.stop();
  });

  const source = (value: Attributes[number][1]): Attributes => [['source', value]];
  const total = (
    fields: Partial<OtlpMetric['points'][number]>,
    metric: Partial<OtlpMetric> = {},
  ): OtlpMetric => ({
    name: 'transactions_total',
    ...metric,
    points: [{ attributes: source('good'), value: 666, ...fields }],
  });
  const histogram = (fields: Partial<OtlpMetric['points'][number]>): OtlpMetric => ({
    name: 'ilp_pay_time_ms',
    kind: 'histogram',
    points: [{ attributes: source('good'), bounds: BOUNDS, counts: COUNTS, ...fields }],
  });
  const HOUR_MS = 3_600_000;

  /** What no network collector may store, and the filter that counts its points. */
  const DROPPED: Record<string, [filter: string, metric: OtlpMetric, resource?: Attributes]> = {
    'an unknown metric': ['filter/metric', total({}, { name: 'evil_total' })],
    'an operator metric': ['filter/metric', total({}, { name: 'payments_total' })],
    'a name that only begins as a known one': ['filter/metric', total({}, { name: 'transactions_total\n2' })],
    'an unknown attribute': ['filter/attribute', total({ attributes: [...source('good'), ['evil', 'x']] })],
    'an attribute that belongs to another metric': [
      'filter/attribute',
      total({ attributes: [...source('good'), ['operation', 'routing']] }),
    ],
    'an unknown operation': [
      'filter/attribute',
      {
        ...histogram({ attributes: [...source('good'), ['operation', 'evil']] }),
        name: 'ilp_prepare_packet_processing_ms',
      },
    ],
    'the network that the sender claims': [
      'filter/attribute',
      total({ attributes: [...source('good'), ['network', 'testnet']] }),
    ],
    'a label of Prometheus itself': [
      'filter/attribute',
      total({ attributes: [...source('good'), ['job', 'x']] }),
    ],
    'a source of 65 characters': ['filter/attribute', total({ attributes: source('x'.repeat(65)) })],
    'a source of half a megabyte': ['filter/attribute', total({ attributes: source('x'.repeat(500_000)) })],
    'a source that is a list': ['filter/attribute', total({ attributes: source(['good']) })],
    'a source that is a number': ['filter/attribute', total({ attributes: source(7) })],
    'a source with a line break': ['filter/attribute', total({ attributes: source('good\nbetter') })],
    'two sources': ['filter/attribute', total({ attributes: [...source('good'), ...source('better')] })],
    'no source': ['filter/attribute', total({ attributes: [] })],
    'a source that is not one of this network': [
      'filter/attribute',
      total({ attributes: source('stranger') }),
    ],
    'a source that is not the instance': ['filter/attribute', total({ attributes: source('better') })],
    'a crowd of points': [
      'filter/crowd',
      { ...total({}), points: Array.from({ length: 65 }, () => total({}).points[0]!) },
    ],
    'a counter that is a gauge': ['filter/type', total({}, { kind: 'gauge' })],
    'a counter that may go down': ['filter/type', total({}, { monotonic: false })],
    'a counter of differences': ['filter/type', total({}, { temporality: 'delta' })],
    'a counter that is a histogram': ['filter/type', { ...histogram({}), name: 'transactions_total' }],
    'a histogram that is a counter': ['filter/type', total({}, { name: 'ilp_pay_time_ms' })],
    'a histogram that is exponential': ['filter/type', { ...histogram({}), kind: 'exponential' }],
    'a value below 0': ['filter/value', total({ value: -1 })],
    'a value above 2^53 - 1': ['filter/value', total({ value: 2 ** 60 })],
    'a value that is no number': ['filter/value', total({ value: Number.NaN })],
    'a value without end': ['filter/value', total({ value: Number.POSITIVE_INFINITY })],
    'a sum that is no number': ['filter/value', histogram({ sum: Number.NaN })],
    'the mark that a series has ended': ['filter/value', total({ flags: 1 })],
    'bounds of its own': ['filter/value', histogram({ bounds: [1, 2, 3], counts: [1, 1, 1, 1] })],
    'ten thousand bounds': [
      'filter/value',
      histogram({ bounds: Array.from({ length: 10_000 }, (_, i) => i), counts: Array(10_001).fill(1) }),
    ],
    'a sample of the future': ['filter/value', total({ timeMs: Date.now() + HOUR_MS })],
    'a sample of long ago': ['filter/value', total({ timeMs: Date.now() - HOUR_MS })],
    'another service': [
      'filter/sender',
      total({}),
      [
        ['service.name', 'ilp-connector'],
        ['instance', 'good'],
      ],
    ],
    'no service': ['filter/sender', total({}), [['instance', 'good']]],
  };
  const RESOURCE: Attributes = [
    ['service.name', 'RAFIKI_NETWORK'],
    ['instance', 'good'],
  ];
  const send = (spec: Partial<MessageSpec>) =>
    sender.send(otlpMessage({ resource: RESOURCE, metrics: [], ...spec }));

  for (const [what, [filter, metric, resource = RESOURCE]] of Object.entries(DROPPED)) {
    test(`drops and counts ${what}`, async () => {
      const before = await droppedBy(replica);
      assert.equal((await send({ resource, metrics: [metric] })).status, 0);
      const after = await droppedBy(replica);
      const gone = [...after].filter(([name, count]) => count !== (before.get(name) ?? 0));
      assert.deepEqual(gone, [[filter, (before.get(filter) ?? 0) + metric.points.length]]);
    });
  }

  test('counts what it cannot even read, and refuses it', async () => {
    const before = await callsOf(replica);
    const oversized = await sender.send(Buffer.alloc(1_100_000));
    assert.deepEqual([oversized.status, /larger than max/.test(oversized.message)], [8, true]);
    for (const bytes of ['no protobuf at all, really', '\n\xff\xff\xff\xff\x0fx', '\x0a\x05\x0a']) {
      assert.equal((await sender.send(Buffer.from(bytes, 'latin1'))).status, 13, JSON.stringify(bytes));
    }
    const after = await callsOf(replica);
    assert.equal((after.get('RESOURCE_EXHAUSTED') ?? 0) - (before.get('RESOURCE_EXHAUSTED') ?? 0), 1);
    assert.equal((after.get('INTERNAL') ?? 0) - (before.get('INTERNAL') ?? 0), 3);
  });

  test('takes the rest of a message of which it drops a part, and writes it anew', async () => {
    const attributes: Attributes = [
      ['description', 'x'.repeat(10_000)],
      ['source', 'good'],
      ['valueType', 1],
    ];
    const { status } = await send({
      resource: [
        ...RESOURCE,
        ['service.namespace', 'evil'],
        ['service.instance.id', 'cloud-nine'],
        ['network', 'testnet'],
        ['service.name', 'ilp-connector'],
      ],
      scopeName: 'evil'.repeat(1000),
      metrics: [
        total({}, { name: 'evil_total' }),
        { ...total({ attributes, value: 41 }), unit: 'evil', description: 'evil' },
        // Fewer counts than bounds.
        histogram({ counts: [1, 2] }),
      ],
    });
    assert.equal(status, 0);
    const [sample] = await until('the good part is in Prometheus', async () => {
      const samples = await query(pipeline, 'transactions_total');
      return samples.length > 0 && samples;
    });
    assert.deepEqual(sample, {
      name: 'transactions_total',
      labels: { job: 'RAFIKI_NETWORK', instance: 'good', network: 'livenet', source: 'good' },
      value: '41',
    });
  });

  test('stores nothing of all this', async () => {
    const selector = '{__name__=~".+"}';
    const names = new Set(
      (await query(pipeline, selector)).map(({ name }) => name.replace(/_(bucket|count|sum)$/, '')),
    );
    assert.deepEqual([...names].sort(), ['ilp_pay_time_ms', 'transactions_total']);
    const sources = await query(pipeline, `count by (source, network) (${selector})`);
    assert.deepEqual(
      sources.map(({ labels }) => labels),
      [{ source: 'good', network: 'livenet' }],
    );
    assert.doesNotMatch(await (await fetch(replica.exportedUrl)).text(), /evil|666/);
  });

  test('lives on within its memory when strangers send thousands of series without end', async () => {
    const before = (await droppedBy(replica)).get('filter/attribute') ?? 0;
    const taken = await flood(replica, { connections: 4 });
    assert.equal((await droppedBy(replica)).get('filter/attribute'), before + taken);
    assert.ok(peakMemoryBytes(replica) < MEMORY_LIMIT_BYTES, `${peakMemoryBytes(replica)} bytes`);
    await until('it takes what is right, and passes it on', async () => {
      await send({ metrics: [total({ value: 42 })] });
      return (await query(pipeline, 'transactions_total')).some(({ value }) => value === '42');
    });
  });
});

const STRANGERS = 8000;

/** Sends messages with thousands of new sources each; returns how many points were not refused. */
async function flood({ otlpUrl }: NetworkReplica, { connections }: { connections: number }): Promise<number> {
  const senders = Array.from({ length: connections }, () => new GrpcSender(otlpUrl));
  let taken = 0;
  for (let round = 0; round < 10; round += 1) {
    const message = otlpMessage({
      resource: [['service.name', 'RAFIKI_NETWORK']],
      // One point each, because a metric with many is dropped as a whole.
      metrics: Array.from({ length: STRANGERS }, (_, i) => ({
        name: 'transactions_total',
        points: [{ attributes: [['source', `stranger ${round * STRANGERS + i}`]], value: i }],
      })),
    });
    for (const { status } of await Promise.all(senders.map((sender) => sender.send(message)))) {
      // 14: it has no memory left, and one may try again.
      assert.ok(status === 0 || status === 14, String(status));
      if (status === 0) taken += STRANGERS;
    }
  }
  for (const sender of senders) sender.close();
  return taken;
}

/** Only Linux tells it. */
function peakMemoryBytes({ program }: NetworkReplica): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) * 1024;
}

async function query({ prometheusUrl }: NetworkPipeline, expression: string): Promise<TextSample[]> {
  const answer = await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { data, error } = (await answer.json()) as {
    data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
    error?: string;
  };
  assert.ok(data, error);
  return data.result.map(({ metric: { __name__ = '', ...labels }, value }) => ({
    name: __name__,
    labels,
    value: value[1],
  }));
}

async function droppedBy(replica: NetworkReplica): Promise<Map<string, number>> {
  return countsOf(replica, 'otelcol_processor_filter_datapoints_filtered', 'filter');
}

/** Calls of its receiver, by the status that they ended with. */
async function callsOf(replica: NetworkReplica): Promise<Map<string, number>> {
  return countsOf(replica, 'rpc_server_call_duration_count', 'rpc_response_status_code');
}

async function countsOf({ metricsUrl }: NetworkReplica, metric: string, label: string) {
  const samples = parsePrometheusText(await (await fetch(metricsUrl)).text());
  return new Map(
    samples
      .filter(({ name }) => name === metric)
      .map(({ labels, value }) => [labels[label] ?? '', Number(value)] as [string, number]),
  );
}
