import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  type FakeCollector,
  startFakeCollector,
} from '../../../../apps/ase/src/telemetry/network/testing.ts';
import { until } from '../../../../prometheus/testing/program.ts';
import { NETWORK_CATALOGUE } from '../../../../telemetry/networkCatalogue.ts';
import { readAseTemplate } from './aseTemplate.ts';
import { type FleetReport, startFleet } from './fleet.ts';
import { mergeReports, splitAses } from './fleets.ts';

const INTERVAL_MS = 400;
const TEMPLATE = readAseTemplate(`
payments_total{direction="outgoing",state="completed",asset="USD"} 30
payments_total{direction="outgoing",state="failed",asset="USD"} 0
process_start_timestamp_seconds 1700000000.5
quote_duration_seconds_sum 1.5
quote_duration_seconds_count 5
`);
/** Three series, and of the histogram a bucket for each of 14 bounds and one for the rest, a sum and a count. */
const SAMPLES = 3 + 15 + 2;

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function collector(): Promise<FakeCollector> {
  const started = await startFakeCollector();
  closing.push(() => started.close());
  return started;
}

test('each ASE exports the series of the template by itself, again and again, and counters grow', async () => {
  const there = await collector();
  const fleet = startFleet({
    first: 7,
    ases: 2,
    intervalMs: INTERVAL_MS,
    endpoints: { operator: [there.url] },
    template: TEMPLATE,
  });
  closing.push(() => fleet.stop());
  await until('exports of both, and more', async () => fleet.report().counts.operator!.taken >= 4);
  await until('a second of the first', async () => there.received.filter(isFirst).length > 1);

  const names = new Set(there.received.map(({ resource }) => resource['service.instance.id']));
  assert.deepEqual([...names].sort(), ['simulated-0007', 'simulated-0008']);
  assert.equal(there.connections(), 2);
  const ofOne = there.received.filter(isFirst);
  const payments = ofOne.map(({ metrics }) => metrics.get('payments')!);
  assert.deepEqual(
    payments[0]!.map(({ attributes }) => attributes),
    [
      { direction: 'outgoing', state: 'completed', asset: 'USD' },
      { direction: 'outgoing', state: 'failed', asset: 'USD' },
    ],
  );
  assert.ok(payments.at(-1)![0]!.value > payments[0]![0]!.value, 'what the real one had counted goes on');
  assert.equal(payments.at(-1)![1]!.value, 0n, 'what was 0 stays 0');
  assert.ok(ofOne.at(-1)!.metrics.get('quote_duration')![0]!.value > 0n);

  const counts = fleet.report().counts.operator!;
  assert.equal(counts.ases, 2);
  assert.ok(counts.taken >= 4);
  assert.equal(counts.samples, counts.taken * SAMPLES);
});

function isFirst({ resource }: FakeCollector['received'][0]): boolean {
  return resource['service.instance.id'] === 'simulated-0007';
}

test('what goes to the network has all its metrics, and is spread over the collectors', async () => {
  const both = [await collector(), await collector()];
  const fleet = startFleet({
    first: 0,
    ases: 4,
    intervalMs: INTERVAL_MS,
    endpoints: { network: both.map(({ url }) => url) },
    template: TEMPLATE,
  });
  closing.push(() => fleet.stop());
  await until('all ASEs are through', async () => fleet.report().counts.network!.ases === 4);
  const senders = both.map(({ received }) => [...new Set(received.map(({ resource }) => resource.instance))]);
  assert.deepEqual(
    senders.map((names) => names.sort()),
    [
      ['simulated-0000', 'simulated-0002'],
      ['simulated-0001', 'simulated-0003'],
    ],
  );
  const [{ metrics, resource }] = both[0]!.received as [FakeCollector['received'][0]];
  assert.equal(resource['service.name'], 'RAFIKI_NETWORK');
  assert.deepEqual(
    [...metrics.keys()].sort(),
    Object.values(NETWORK_CATALOGUE)
      .map(({ instrument }) => instrument)
      .sort(),
  );
});

test('exports that nobody takes are counted, with the reason', async () => {
  const gone = await startFakeCollector();
  await gone.close();
  const fleet = startFleet({
    first: 0,
    ases: 1,
    intervalMs: INTERVAL_MS,
    endpoints: { operator: [gone.url] },
    template: TEMPLATE,
  });
  closing.push(() => fleet.stop());
  await until('a failure', async () => fleet.report().counts.operator!.failed > 0);
  const { ases, samples, trouble } = fleet.report().counts.operator!;
  assert.deepEqual([ases, samples], [0, 0]);
  assert.match(trouble!, /^14 UNAVAILABLE/);
});

test('ASEs are spread evenly over as few processes as can be', () => {
  assert.deepEqual(splitAses(2), [2]);
  assert.deepEqual(splitAses(250), [250]);
  assert.deepEqual(splitAses(251), [125, 126]);
  assert.deepEqual(splitAses(1000), [250, 250, 250, 250]);
});

test('of several processes totals are added, and the worst waits are told', () => {
  const report = (by: number): FleetReport => ({
    counts: {
      operator: {
        ases: by,
        begun: by,
        taken: by,
        failed: 0,
        samples: 10 * by,
        waitMs: { p50: by, p95: 2 * by },
        trouble: by === 2 ? 'no' : null,
      },
    },
    eventLoopDelayP99Ms: by,
  });
  const merged = mergeReports([report(1), report(2)]);
  assert.equal(merged.eventLoopDelayP99Ms, 2);
  assert.deepEqual(merged.counts.operator, {
    ases: 3,
    begun: 3,
    taken: 3,
    failed: 0,
    samples: 30,
    waitMs: { p50: 2, p95: 4 },
    trouble: 'no',
  });
});
