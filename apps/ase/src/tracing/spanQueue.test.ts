import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanExporter } from '../telemetry/exporter.ts';
import { startDeafServer, startFakeCollector } from '../telemetry/network/testing.ts';
import { remotePlace } from './spanIds.ts';
import { createSpanQueue, type SpanBatch } from './spanQueue.ts';
import type { EndedSpan } from './spanWire.ts';
import { readSpans } from './testing.ts';

const SPAN: EndedSpan = {
  ...remotePlace('0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'),
  parent: undefined,
  name: 'payment',
  kind: 'internal',
  startMs: 1,
  endMs: 2,
  attributes: {},
  isFailed: false,
};
const BATCH = 1_024;

/** A collector that answers when the test says so. */
function heldExporter() {
  const batches: SpanBatch[] = [];
  const answers: Array<() => void> = [];
  return {
    batches,
    answer: () => answers.splice(0).forEach((done) => void done()),
    export(batch: SpanBatch, done: () => void) {
      batches.push(batch);
      answers.push(done);
    },
    async shutdown() {},
  };
}

const queueTo = (...exporters: ReturnType<typeof heldExporter>[]) =>
  createSpanQueue({ resource: {}, scopeName: 'test', exporters });
const spansIn = (batches: readonly SpanBatch[]): number =>
  batches.reduce((sum, { request }) => sum + readSpans(request).length, 0);

test('sends when there is enough for a batch, to every collector', () => {
  const collectors = [heldExporter(), heldExporter()];
  const queue = queueTo(...collectors);
  for (let i = 0; i < BATCH - 1; i++) queue.add(SPAN);
  for (const { batches } of collectors) assert.equal(batches.length, 0);
  queue.add(SPAN);
  for (const { batches } of collectors) {
    assert.deepEqual(
      batches.map(({ spans }) => spans),
      [BATCH],
    );
    assert.equal(spansIn(batches), BATCH);
  }
});

test('a collector that does not answer loses what is too much, and the other one nothing', async () => {
  const [slow, quick] = [heldExporter(), heldExporter()];
  const queue = queueTo(slow, quick);
  for (let i = 0; i < 6 * BATCH; i++) {
    queue.add(SPAN);
    quick.answer();
  }
  assert.equal(spansIn(quick.batches), 6 * BATCH);
  assert.equal(spansIn(slow.batches), 4 * BATCH);
  slow.answer();
  await queue.flush();
  queue.add(SPAN);
  const flushed = queue.flush();
  assert.equal(slow.batches.length, 5);
  slow.answer();
  quick.answer();
  await flushed;
});

test('what ends after the end is not kept', async () => {
  const collector = heldExporter();
  const queue = queueTo(collector);
  queue.add(SPAN);
  const closed = queue.shutdown();
  queue.add(SPAN);
  collector.answer();
  await closed;
  await queue.flush();
  assert.equal(spansIn(collector.batches), 1);
});

test('goes over the wire, and a collector that never answers holds nobody up for long', async () => {
  const taking = await startFakeCollector(0, { keeps: false });
  const deaf = await startDeafServer();
  const errors: string[] = [];
  const exporterTo = (endpoint: string) =>
    spanExporter({ endpoint, timeoutMs: 200, onError: ({ message }) => errors.push(message) });
  const queue = createSpanQueue({
    resource: {},
    scopeName: 'test',
    exporters: [exporterTo(taking.url), exporterTo(deaf.url)],
  });
  queue.add(SPAN);
  await queue.flush();
  assert.equal(taking.connections(), 1);
  assert.deepEqual(
    errors.map((message) => message.startsWith(deaf.url)),
    [true],
  );
  await queue.shutdown();
  await taking.close();
  await deaf.close();
});
