import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serializeIlpPrepare } from 'ilp-packet';
import {
  alice,
  answering,
  EUR,
  FULFILL,
  peer,
  prepareOf,
  sourceOfPeer,
  startConnector,
} from '../connector/testing.ts';
import { type RecordedSpan, recordedTracing } from './testing.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const HEADER = `00-${TRACE}-${SPAN}-01`;
const there = peer('there', { ...EUR });

/** `name < name of the parent`, sorted. */
function shapeOf(spans: readonly RecordedSpan[]): string[] {
  const byId = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans.map(({ name, parentId }) => `${name} < ${byId.get(parentId ?? '') ?? '-'}`).sort();
}

test('a span is what OpenTelemetry exports, and ends once', async () => {
  const { tracing, spans } = recordedTracing();
  const root = tracing.root('payment', { attributes: { 'ilp.amount': '7', 'peer.source': undefined } })!;
  const child = root.span('ilp.send', { kind: 'client' });
  child.set({ 'peer.destination': 'there' });
  child.end('expired');
  child.end();
  root.end();
  const [sent, payment] = await spans();
  assert.equal((await spans()).length, 2);
  assert.deepEqual(sent!.attributes, { 'peer.destination': 'there', 'error.type': 'expired' });
  assert.deepEqual([sent!.kind, sent!.isFailed], ['client', true]);
  assert.deepEqual([payment!.kind, payment!.isFailed], ['internal', false]);
  assert.deepEqual([sent!.parentId, payment!.parentId], [payment!.spanId, undefined]);
  assert.deepEqual([sent!.traceId, root.traceId], [payment!.traceId, payment!.traceId]);
  assert.deepEqual(payment!.attributes, { 'ilp.amount': '7' });
  assert.equal(payment!.resource['service.instance.id'], 'here');
  assert.equal(payment!.scope, 'ilp-connector');
  assert.ok(Math.abs(Date.now() - Number(payment!.startNs) / 1e6) < 60_000);
  assert.ok(payment!.startNs <= sent!.startNs && sent!.endNs <= payment!.endNs);
});

test('begins before this process looked, when told so, and never ends before it began', async () => {
  const { tracing, spans } = recordedTracing();
  tracing.root('payment', { startedAtMs: 1_700_000_000_123 })!.end();
  tracing.root('payment', { startedAtMs: Date.now() + 100_000 })!.end();
  const [early, late] = await spans();
  assert.equal(early!.startNs / 1_000_000n, 1_700_000_000_123n);
  assert.equal(late!.endNs, late!.startNs);
});

test('the ratio decides where a trace begins, and nowhere else', async () => {
  const never = recordedTracing(0);
  assert.equal(never.tracing.root('payment'), undefined);
  // What another ASE has sampled goes on, whatever our own ratio is.
  const parent = never.tracing.incoming({ traceparent: HEADER })!;
  assert.deepEqual([parent.traceId, parent.header], [TRACE, HEADER]);
  parent.span('ilp.packet').end();
  const [packet] = await never.spans();
  assert.deepEqual([packet!.parentId, packet!.isParentRemote], [SPAN, true]);
  assert.equal(never.tracing.incoming({ traceparent: HEADER.replace(/1$/, '0') }), undefined);
  assert.equal(never.tracing.resume(HEADER.replace(/1$/, '0')), undefined);

  const some = recordedTracing(0.25);
  const sampled = Array.from({ length: 4_000 }, () => some.tracing.root('payment')).filter(Boolean).length;
  // 1000 is expected; six standard deviations are 164.
  assert.ok(sampled > 836 && sampled < 1_164, String(sampled));
});

test('what makes no sense, is too long or comes too often is refused and counted', () => {
  const { tracing, refused } = recordedTracing();
  assert.equal(tracing.incoming({}), undefined);
  assert.equal(tracing.incoming({ traceparent: 'nonsense' }), undefined);
  assert.equal(tracing.incoming({ traceparent: HEADER, tracestate: 'a=1,'.repeat(500) }), undefined);
  assert.deepEqual(refused, ['malformed', 'oversized']);
  const taken = Array.from({ length: 10_005 }, () => tracing.incoming({ traceparent: HEADER })).filter(
    Boolean,
  );
  assert.equal(taken.length, 10_000);
  assert.deepEqual(refused.slice(2), Array(5).fill('too_many'));
});

test('a packet to a peer: its spans lie in each other, and the peer gets the one of the sending', async () => {
  const { tracing, spans } = recordedTracing();
  let header: string | undefined;
  const link = answering(async (_prepare, { traceparent }) => {
    header = traceparent;
    return FULFILL;
  });
  const { connector } = await startConnector({
    peers: [there],
    links: new Map([['there', link]]),
    traced: true,
  });
  const root = tracing.root('payment')!;
  const bytes = serializeIlpPrepare(prepareOf({ destination: 'test.there.bob' }));
  await connector.handle(alice, bytes, { trace: root });
  await connector.handle(alice, bytes);
  root.end();
  const all = await spans();
  assert.deepEqual(shapeOf(all), [
    'ilp.packet < payment',
    'ilp.send < ilp.packet',
    'ledger.commit < ilp.packet',
    'ledger.reserve < ilp.packet',
    'payment < -',
  ]);
  const sending = all.find(({ name }) => name === 'ilp.send')!;
  assert.equal(header, undefined, 'the second packet is of no trace, and brings no header');
  await connector.handle(alice, bytes, { trace: root });
  assert.match(header!, new RegExp(`^00-${sending.traceId}-[0-9a-f]{16}-01$`));
  await connector.close();
});

test('a packet of a peer: received, refused, and a probe, each with what it says', async () => {
  const { tracing, spans } = recordedTracing();
  const { connector } = await startConnector({ peers: [there], traced: true });
  const trace = tracing.incoming({ traceparent: HEADER });
  const send = (rest: Parameters<typeof prepareOf>[0]) =>
    connector.handle(sourceOfPeer(there), serializeIlpPrepare(prepareOf(rest)), { trace });
  await send({});
  // Its money is booked together with its end, so nothing is reserved before.
  assert.deepEqual(shapeOf(await spans()), [
    'ilp.packet < -',
    'ledger.commit < ilp.packet',
    'stream.receive < ilp.packet',
  ]);
  await send({ destination: 'test.here.nobody' });
  const packets = (await spans()).filter(({ name }) => name === 'ilp.packet');
  assert.deepEqual(
    packets.map(({ attributes, isFailed }) => [attributes['error.type'], isFailed]),
    [
      [undefined, false],
      ['unreachable', true],
    ],
  );
  assert.deepEqual(packets[0]!.attributes, {
    'ilp.destination': 'test.here.bob',
    'ilp.amount': '100',
    'ilp.asset': 'EUR',
    'peer.source': 'there',
  });
  assert.equal(packets[0]!.kind, 'server');
  assert.deepEqual(
    packets.map(({ parentId }) => parentId),
    [SPAN, SPAN],
  );
  assert.equal(packets[1]!.attributes['ilp.reject.code'], 'F02');
  await connector.close();
});
