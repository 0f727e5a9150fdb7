import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type RecordedSpan, recordedTracing } from '../tracing/testing.ts';
import { createWorld, type SettlementWorld } from './testing.ts';
import type { SettlementTerms } from './types.ts';

const terms = (method: 'xrp' | 'evm'): SettlementTerms => ({
  method,
  thresholdUnits: 1_000n,
  settleToUnits: 100n,
  channelUnits: 5_000n,
});

/** A world whose sides trace; `spans` are all that ended, with the side that made them. */
async function inTracedWorld(
  work: (
    world: SettlementWorld,
    spans: () => Promise<Array<RecordedSpan & { side: string }>>,
  ) => Promise<void>,
): Promise<void> {
  const recorded = { a: recordedTracing(), b: recordedTracing() };
  const world = await createWorld({
    terms: { a: terms('xrp'), b: terms('evm') },
    tracing: { a: recorded.a.tracing, b: recorded.b.tracing },
  });
  const spans = async () => [
    ...(await recorded.a.spans()).map((span) => ({ ...span, side: 'a' })),
    ...(await recorded.b.spans()).map((span) => ({ ...span, side: 'b' })),
  ];
  try {
    await world.calm();
    await work(world, spans);
    assert.deepEqual([...recorded.a.refused, ...recorded.b.refused], []);
  } finally {
    await world.close();
  }
}

it('a settlement is one trace from the payer’s decision to the payee’s books', () =>
  inTracedWorld(async ({ owe, calm }, spans) => {
    await owe('a', 1_000n);
    await calm();
    const made = await spans();
    const named = (name: string) => made.filter((span) => span.name === name);
    assert.equal(made.length, 3);
    const [root] = named('settlement');
    const [send] = named('settlement.send');
    const [claim] = named('settlement.claim');

    assert.deepEqual([root!.side, root!.kind, root!.parentId], ['a', 'internal', undefined]);
    assert.deepEqual(root!.attributes, {
      'settlement.method': 'xrp',
      'settlement.amount': '900',
      'peer.destination': 'b',
    });
    assert.deepEqual([send!.side, send!.kind, send!.parentId], ['a', 'client', root!.spanId]);
    assert.deepEqual(send!.attributes, { 'peer.destination': 'b' });
    assert.deepEqual(
      [claim!.side, claim!.kind, claim!.parentId, claim!.isParentRemote],
      ['b', 'server', send!.spanId, true],
    );
    assert.deepEqual(claim!.attributes, {
      'settlement.method': 'xrp',
      'settlement.amount': '900',
      'peer.source': 'a',
    });
    assert.deepEqual([...new Set(made.map(({ traceId }) => traceId))], [root!.traceId]);
    assert.ok(made.every(({ isFailed }) => !isFailed));
    // It begins when the peer was due, not when the channel for it was there at last.
    assert.ok(root!.startNs < send!.startNs);
  }));

it('each settlement is a trace of its own', () =>
  inTracedWorld(async ({ owe, calm }, spans) => {
    await owe('a', 1_000n);
    await calm();
    await owe('b', 2_000n);
    await calm();
    const roots = (await spans()).filter(({ name }) => name === 'settlement');
    assert.deepEqual(
      roots.map(({ side, attributes }) => [side, attributes['settlement.method']]),
      [
        ['a', 'xrp'],
        ['b', 'evm'],
      ],
    );
    assert.notEqual(roots[0]!.traceId, roots[1]!.traceId);
  }));

it('a peer that cannot be reached, and a claim that is refused, say so', () =>
  inTracedWorld(async ({ nodes, owe, run, calm }, spans) => {
    await owe('a', 1_000n);
    await calm();
    await owe('a', 1_000n);
    // The channel is there: all that is left to do is to tell b, which does not run.
    await run(3, ['a']);
    const unheard = (await spans()).filter(({ isFailed }) => isFailed);
    assert.ok(unheard.length > 0);
    for (const { name, side, attributes } of unheard) {
      assert.deepEqual([name, side, attributes['error.type']], ['settlement', 'a', 'peer_unreachable']);
    }
    await calm();
    assert.equal(nodes.b.ledger.read.account('peer:a')!.balanceUnits, -100n);

    const recorded = recordedTracing();
    const trace = recorded.tracing.root('test')!;
    await assert.rejects(nodes.b.settlement.takeClaim('a', { nonsense: true }, trace));
    const [claim] = (await spans()).filter(({ name, isFailed }) => name === 'settlement.claim' && isFailed);
    assert.equal(claim, undefined, 'the span is of the trace that it was given');
    const [given] = await recorded.spans();
    assert.deepEqual(
      [given!.name, given!.isFailed, given!.attributes],
      ['settlement.claim', true, { 'peer.source': 'a', 'error.type': 'malformed' }],
    );
  }));
