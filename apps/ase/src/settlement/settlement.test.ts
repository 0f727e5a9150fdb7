import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createWorld, type SettlementWorld } from './testing.ts';
import { SettlementRefused, type SettlementTerms } from './types.ts';

const terms = (method: 'xrp' | 'evm', rest: Partial<SettlementTerms> = {}): SettlementTerms => ({
  method,
  thresholdUnits: 1_000n,
  settleToUnits: 100n,
  channelUnits: 5_000n,
  ...rest,
});
const TERMS = { a: terms('xrp'), b: terms('evm') };

async function inWorld(work: (world: SettlementWorld) => Promise<void>, rules = {}): Promise<void> {
  const world = await createWorld({ terms: TERMS, rules });
  try {
    await world.calm();
    await work(world);
    await world.calm();
    assert.deepEqual(await world.audit(), []);
  } finally {
    await world.close();
  }
}

const channelOf = (world: SettlementWorld, side: 'a' | 'b', role: 'out' | 'in') =>
  world.nodes[side].settlement.report().channels.find((one) => one.role === role && one.state !== 'closed')!;

it('pays what is owed down to the settle-to amount once the threshold is reached, on both chains', () =>
  inWorld(async ({ nodes, owe, calm }) => {
    await owe('a', 999n);
    await calm();
    assert.equal(nodes.a.total('settlements_executed_total'), 0n);
    await owe('a', 1n);
    await calm();
    assert.equal(nodes.a.ledger.read.account('peer:b')!.balanceUnits, 100n);
    assert.equal(nodes.a.total('settlement_amount_total', { method: 'xrp', token: 'USD' }), 900n);
    await owe('b', 3_000n);
    await calm();
    assert.equal(nodes.b.ledger.read.account('peer:a')!.balanceUnits, 100n);
    assert.equal(nodes.b.total('settlements_executed_total', { method: 'evm', status: 'success' }), 1n);
  }));

it('adds to a channel that is used up, and the payee takes its money out when it is closed', () =>
  inWorld(async (world) => {
    const { nodes, owe, calm } = world;
    for (let round = 0; round < 5; round++) {
      await owe('a', 3_000n);
      await calm();
    }
    assert.equal(nodes.a.total('payment_channels_funded_total'), 3n);
    await nodes.b.settlement.closeChannel(channelOf(world, 'b', 'in').id);
    await calm();
    assert.equal(nodes.a.total('payment_channels_closed_total', { reason: 'agreed' }), 1n);
    assert.equal(nodes.b.total('payment_channels_closed_total', { reason: 'agreed' }), 1n);
  }));

it('disputes a channel that its payer closes as if it had never paid, and gets all of its money', () =>
  inWorld(async (world) => {
    const { nodes, owe, calm } = world;
    await owe('b', 4_000n);
    await calm();
    const { id } = channelOf(world, 'b', 'out');
    await nodes.b.settlement.closeChannel(id, { withoutClaim: true });
    await calm();
    for (const side of ['a', 'b'] as const) {
      assert.equal(nodes[side].total('payment_channels_disputes_total', { method: 'evm' }), 1n, side);
      assert.equal(nodes[side].total('payment_channels_closed_total', { reason: 'disputed' }), 1n, side);
    }
    assert.equal(world.chains.evm.channel(id)!.redeemed, '3900');
  }));

it('waits for a block again when a reorganisation takes one back, and books everything once', () =>
  inWorld(
    async ({ nodes, chains, owe, run, calm }) => {
      await owe('b', 4_000n);
      await run(3);
      assert.ok(chains.evm.reorganise() > 0);
      await run(1);
      assert.equal(nodes.b.total('settlements_executed_total'), 0n);
      await calm();
      assert.equal(nodes.b.total('settlement_transactions_reorged_total', { method: 'evm' }), 1n);
      assert.equal(nodes.b.total('settlements_executed_total'), 1n);
    },
    { confirmations: 2, reorgEvery: 0 },
  ));

it('drops an order that there is no money for, and goes on with what is due', () =>
  inWorld(async ({ nodes, owe, calm }) => {
    await nodes.a.settlement.settle('b', 50_000_000n);
    await calm();
    await owe('a', 1_500n);
    await calm();
    assert.equal(nodes.a.total('settlement_amount_total'), 1_400n);
  }));

it('leaves the debt as it was when a channel is closed before the peer got its newest claim', () =>
  inWorld(async (world) => {
    const { nodes, owe, calm, run } = world;
    await owe('a', 2_000n);
    await calm();
    await owe('a', 2_000n);
    // It signs a claim, and nobody is there to take it; nor is anybody when it closes.
    await run(3, ['a']);
    await nodes.a.settlement.closeChannel(channelOf(world, 'a', 'out').id);
    await run(12, ['a']);
    assert.equal(nodes.a.total('settlements_executed_total', { status: 'failed' }), 1n);
    assert.equal(nodes.a.total('payment_channels_closed_total', { reason: 'expired' }), 1n);
  }));

it('books a claim as paid when the chain pays it, though the answer of the peer was lost', () =>
  inWorld(async (world) => {
    const { nodes, owe, calm, run } = world;
    await owe('a', 2_000n);
    await calm();
    await owe('a', 2_000n);
    await run(1);
    // The next call is the claim, which b takes while a dies.
    nodes.a.crashAt(0, 'after');
    await run(1);
    await nodes.b.settlement.closeChannel(channelOf(world, 'b', 'in').id);
    await run(4, ['b']);
    await run(6, ['a']);
    assert.equal(nodes.a.total('settlements_executed_total', { status: 'success' }), 2n);
    assert.equal(nodes.a.ledger.read.account('peer:b')!.balanceUnits, 100n);
  }));

it('counts a failed transaction, and settles all the same', () =>
  inWorld(async ({ nodes, chains, owe, calm }) => {
    chains.xrp.inject({ failNext: 1 });
    await owe('a', 2_000n);
    await calm();
    assert.equal(nodes.a.total('settlements_executed_total', { status: 'failed' }), 1n);
    assert.equal(nodes.a.total('settlements_executed_total', { status: 'success' }), 1n);
  }));

it('refuses and counts bad claims and orders, and books nothing of them', () =>
  inWorld(async (world) => {
    const { nodes, owe, calm } = world;
    const { a, b } = nodes;
    await owe('a', 2_000n);
    await calm();
    const { id, nonce, claimedUnits } = channelOf(world, 'b', 'in');
    const claim = {
      method: 'xrp',
      channel: id,
      nonce: nonce + 1,
      amount: claimedUnits,
      signature: 'A'.repeat(86),
    };
    const before = b.ledger.read.account('peer:a')!.balanceUnits;
    const refuses = async (code: string, work: () => Promise<unknown>, by = b) => {
      const counted = by.total('settlement_refusals_total', { reason: code });
      await assert.rejects(work, (error) => error instanceof SettlementRefused && error.code === code, code);
      assert.equal(by.total('settlement_refusals_total', { reason: code }), counted + 1n, code);
    };
    await refuses('wrong_signature', () => b.settlement.takeClaim('a', { ...claim, amount: '1950' }));
    await refuses('below_zero', () => b.settlement.takeClaim('a', { ...claim, amount: '-5' }));
    await refuses('unknown_channel', () =>
      b.settlement.takeClaim('a', { ...claim, channel: '0'.repeat(32) }),
    );
    await refuses('malformed', () => b.settlement.takeClaim('a', { ...claim, nonce: 1.5 }));
    await refuses('malformed', () => b.settlement.takeClaim('a', null));
    await refuses('below_zero', () => a.settlement.settle('b', -1n), a);
    await refuses('unknown_peer', () => a.settlement.settle('nobody', 5n), a);
    await refuses('stale_state', () => b.settlement.disputeChannel(id));
    // What a signs itself, b has to take or refuse by what it says.
    const signed = async (nonceOf: number, amountUnits: bigint) => ({
      ...claim,
      nonce: nonceOf,
      amount: String(amountUnits),
      signature: await a.sign('xrp', { channel: id, nonce: nonceOf, amountUnits }),
    });
    await refuses('replayed', async () =>
      b.settlement.takeClaim('a', await signed(nonce, BigInt(claimedUnits))),
    );
    await refuses('stale_state', async () => b.settlement.takeClaim('a', await signed(nonce, 4_000n)));
    await refuses('over_funding', async () => b.settlement.takeClaim('a', await signed(nonce + 1, 400_000n)));
    await refuses('below_zero', async () => b.settlement.takeClaim('a', await signed(nonce + 1, 5n)));
    assert.equal(b.ledger.read.account('peer:a')!.balanceUnits, before);
    await b.settlement.closeChannel(id);
    await calm();
    await refuses('closed_channel', async () => b.settlement.takeClaim('a', await signed(nonce + 1, 2_500n)));
    await refuses('closed_channel', () => b.settlement.closeChannel(id));
  }));

type Event =
  | { kind: 'owe'; side: 'a' | 'b'; units: bigint }
  | { kind: 'run'; ticks: number }
  | { kind: 'crash'; side: 'a' | 'b'; calls: number; when: 'before' | 'after' }
  | { kind: 'restart'; side: 'a' | 'b' }
  | { kind: 'sleep'; side: 'a' | 'b'; ticks: number }
  | { kind: 'close'; side: 'a' | 'b'; role: 'out' | 'in'; withoutClaim: boolean }
  | { kind: 'fail'; chain: 'xrp' | 'evm' }
  | { kind: 'reorg' };
const side = fc.constantFrom('a' as const, 'b' as const);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('owe' as const),
      side,
      units: fc.bigInt({ min: 1n, max: 4_000n }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('run' as const), ticks: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      side,
      calls: fc.nat({ max: 6 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  fc.record({ kind: fc.constant('restart' as const), side }),
  // Some are longer than the time for a dispute.
  fc.record({ kind: fc.constant('sleep' as const), side, ticks: fc.integer({ min: 2, max: 14 }) }),
  fc.record({
    kind: fc.constant('close' as const),
    side,
    role: fc.constantFrom('out' as const, 'in' as const),
    withoutClaim: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('fail' as const), chain: fc.constantFrom('xrp' as const, 'evm' as const) }),
  fc.record({ kind: fc.constant('reorg' as const) }),
);

it('never makes or loses money, whatever happens and wherever it is killed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40, size: 'max' }), async (events) => {
      await inWorld(
        async (world) => {
          for (const one of events) await happen(world, one);
        },
        { reorgEvery: 4 },
      );
    }),
    { numRuns: 60, examples: [[PAYEE_CLOSES_LATE]] },
  );
});

/** Its transaction is final only when the payer has just looked. */
const PAYEE_CLOSES_LATE: Event[] = [
  { kind: 'owe', side: 'b', units: 1000n },
  { kind: 'run', ticks: 7 },
  { kind: 'close', side: 'a', role: 'in', withoutClaim: false },
  { kind: 'crash', side: 'a', calls: 0, when: 'before' },
  { kind: 'run', ticks: 2 },
  { kind: 'crash', side: 'a', calls: 1, when: 'before' },
];

async function happen(world: SettlementWorld, one: Event): Promise<void> {
  const { nodes, chains } = world;
  switch (one.kind) {
    case 'owe':
      return world.owe(one.side, one.units);
    case 'run':
      return world.run(one.ticks);
    case 'crash':
      return nodes[one.side].crashAt(one.calls, one.when);
    case 'restart':
      return nodes[one.side].restart();
    case 'sleep':
      return world.run(one.ticks, [one.side === 'a' ? 'b' : 'a']);
    case 'fail':
      return chains[one.chain].inject({ failNext: 1 });
    case 'reorg':
      return void chains.evm.reorganise();
    case 'close': {
      const channel = channelOf(world, one.side, one.role);
      if (!channel) return;
      const order = { withoutClaim: one.withoutClaim && one.role === 'out' };
      // A channel that is not open is refused; one that crashes here is tried by nobody again.
      await nodes[one.side].settlement.closeChannel(channel.id, order).catch(() => {});
    }
  }
}
