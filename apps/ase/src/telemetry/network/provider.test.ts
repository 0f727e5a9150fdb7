import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../../../../../prometheus/testing/program.ts';
import { NETWORK_CATALOGUE, NETWORK_COUNTERS } from '../../../../../telemetry/networkCatalogue.ts';
import type { TelemetryError } from '../errors.ts';
import { NO_SUMS } from './outbox.ts';
import { createNetworkProvider, type NetworkProvider } from './provider.ts';
import { publishedTotals } from './report.ts';
import { type FakeCollector, startDeafServer, startFakeCollector } from './testing.ts';

/** Also the time limit of an export, which a busy machine must be able to keep. */
const INTERVAL_MS = 2_000;
const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function provider(collectorUrls: string[], exportIntervalMs = INTERVAL_MS) {
  const errors: TelemetryError[] = [];
  const totals = { ...publishedTotals({ sums: NO_SUMS, sent: { amount: 0n, fee: 0n } }) };
  const made: NetworkProvider = createNetworkProvider({
    settings: { instanceName: 'Cloud Nine', collectorUrls, exportIntervalMs },
    published: () => totals,
    onError: (error) => errors.push(error),
  });
  closing.push(() => made.shutdown());
  return { made, errors, totals };
}

async function collector(port?: number): Promise<FakeCollector> {
  const started = await startFakeCollector(port);
  closing.push(() => started.close());
  return started;
}

test('names, meter, resource and source are those of Rafiki, and every series is there before its first event', async () => {
  const there = await collector();
  const { made } = provider([there.url]);
  await made.send();
  const [{ resource, scope, metrics }] = there.received as [(typeof there.received)[0]];
  assert.deepEqual(resource, { 'service.name': 'RAFIKI_NETWORK', instance: 'Cloud Nine' });
  assert.equal(scope, 'Rafiki');
  assert.deepEqual(
    [...metrics.keys()].sort(),
    Object.values(NETWORK_CATALOGUE)
      .map(({ instrument }) => instrument)
      .sort(),
  );
  for (const [name, points] of metrics) {
    assert.equal(points.length, 1, name);
    assert.equal(points[0]!.value, 0n, name);
    const operation = name === 'ilp_prepare_packet_processing_ms' ? { operation: 'outgoing_payment' } : {};
    assert.deepEqual(points[0]!.attributes, { source: 'Cloud Nine', ...operation }, name);
  }
});

test('counters show what is published at the moment, times are counted', async () => {
  const there = await collector();
  const { made, totals } = provider([there.url]);
  for (const name of NETWORK_COUNTERS) totals[name] = 9_007_199_254_740_991n;
  made.recordPayTime(12.5);
  made.recordPacketTime(3);
  made.recordPacketTime(4);
  await made.send();
  assert.equal(there.value('transactions_amount'), 9_007_199_254_740_991n);
  assert.equal(there.value('packet_count_prepare'), 9_007_199_254_740_991n);
  assert.equal(there.value('ilp_pay_time_ms'), 1n);
  assert.equal(there.value('ilp_prepare_packet_processing_ms'), 2n);
});

test('a dead and a deaf collector hold up none of the others, and are told once each', async () => {
  const dead = await startDeafServer();
  await dead.close();
  const deaf = await startDeafServer();
  closing.push(() => deaf.close());
  const [first, second] = [await collector(), await collector()];
  const { made, errors, totals } = provider([deaf.url, first.url, dead.url, second.url]);
  for (let round = 1n; round <= 3n; round += 1n) {
    totals.transactions_total = round;
    void made.send();
    for (const there of [first, second]) {
      await until('it is there', async () => there.value('transactions_total') === round);
    }
  }
  await until('both are told', async () => errors.length === 2);
  assert.deepEqual(
    made.collectors().map(({ ok }) => ok),
    [false, true, false, true],
  );
  assert.ok(deaf.connections() <= 1);
});

test('memory does not grow while nobody listens', async () => {
  const dead = await startDeafServer();
  await dead.close();
  const deaf = await startDeafServer();
  closing.push(() => deaf.close());
  const { made } = provider([dead.url, deaf.url]);
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const sendALot = () => {
    for (let i = 0; i < 4_000; i += 1) {
      made.recordPacketTime(i % 50);
      void made.send();
    }
  };
  const heap = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  sendALot();
  await until('a first export has failed', async () => made.collectors().every(({ ok }) => ok === false));
  const before = heap();
  for (let round = 0; round < 5; round += 1) sendALot();
  await until('the heap is as it was', async () => heap() < before + 2_000_000, 60_000);
});

test('a collector that comes late is found long before the next interval, and gets the newest totals', async () => {
  const dead = await startDeafServer();
  await dead.close();
  const { made, totals } = provider([dead.url], 60_000);
  await made.send();
  totals.transactions_total = 7n;
  const there = await collector(Number(new URL(dead.url).port));
  await until('it is there', async () => there.value('transactions_total') === 7n, 10_000);
});

test('without a collector there is no socket and no timer', async () => {
  const before = process.getActiveResourcesInfo();
  const { made } = provider([]);
  made.recordPacketTime(1);
  await made.send();
  assert.deepEqual(process.getActiveResourcesInfo(), before);
});
