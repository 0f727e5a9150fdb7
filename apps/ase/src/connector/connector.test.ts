import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { deserializeIlpReply, type IlpPrepare, type IlpReply, serializeIlpPrepare } from 'ilp-packet';
import type { ConnectorOptions } from './connector.ts';
import { LinkError } from './errors.ts';
import {
  alice,
  answering,
  codeOf,
  EUR,
  FULFILL,
  openReceiver,
  peer,
  prepareOf,
  sourceOfPeer,
  startConnector,
  totalsOf,
} from './testing.ts';

const there = peer('there');
const reject = (code: string): IlpReply => ({
  code,
  triggeredBy: 'test.there',
  message: '',
  data: Buffer.of(9),
});
const linkThatSays = (reply: IlpReply) => new Map([['there', answering(async () => reply)]]);
const packetTotals = (prepare: string, replyType: string, reply: string): Array<[string, bigint]> => [
  [`ilp_packets_processed_total{status=${prepare},type=prepare}`, 1n],
  [`ilp_packets_processed_total{status=${reply},type=${replyType}}`, 1n],
];

describe('a fulfilled packet', () => {
  it('from a peer to a payment here moves its money, converted, and counts everywhere', async () => {
    const receiver = openReceiver('test.here', EUR);
    const { ledger, metrics, send, balance } = await startConnector({ peers: [there], receiver });
    assert.deepEqual(await send(sourceOfPeer(there), prepareOf({ amount: '101' })), FULFILL);
    assert.equal(balance('peer:there'), -101n);
    assert.equal(balance('wallet:bob'), 91n);
    assert.deepEqual(receiver.posted, [91n]);
    assert.deepEqual(ledger.audit(), []);
    const expected = new Map([
      ['account_debits_total{peer_id=there}', 101n],
      ...packetTotals('fulfilled', 'fulfill', 'valid'),
    ]);
    assert.deepEqual(totalsOf(ledger), expected);
    assert.deepEqual(new Map([...metrics.counted].sort()), expected);
    assert.equal(metrics.latencies.length, 1);
  });

  it('from a payment here to a peer credits the peer', async () => {
    const links = linkThatSays(FULFILL);
    const { ledger, metrics, send, balance } = await startConnector({ peers: [there], links });
    assert.deepEqual(
      await send(alice, prepareOf({ amount: '100', destination: 'test.there.carol' })),
      FULFILL,
    );
    assert.equal(balance('wallet:alice'), 50_000n - 100n);
    assert.equal(balance('peer:there'), 91n);
    assert.equal(totalsOf(ledger).get('account_credits_total{peer_id=there}'), 91n);
    assert.deepEqual(new Map([...metrics.counted].sort()), totalsOf(ledger));
    assert.deepEqual(ledger.read.all('SELECT * FROM outgoing_packets'), []);
    assert.deepEqual(ledger.audit(), []);
  });

  it('between two accounts of one asset needs no rate and no liquidity', async () => {
    const { send, balance } = await startConnector({ peers: [], liquidityUnits: 0n, rates: noRates });
    assert.deepEqual(await send(alice, prepareOf({ amount: '100' })), FULFILL);
    assert.equal(balance('wallet:bob'), 100n);
  });
});

describe('a packet that moves no money', () => {
  const here = sourceOfPeer(there);
  for (const [what, prepare, code, outcome] of [
    ['has no value', { amount: '0' }, 'fulfill', packetTotals('fulfilled', 'fulfill', 'valid')],
    [
      'is a probe that nobody can fulfill',
      { executionCondition: Buffer.alloc(32) },
      'F05',
      packetTotals('unfulfillable', 'reject', 'final'),
    ],
  ] as const) {
    it(`takes no transfer when it ${what}`, async () => {
      const reply = code === 'fulfill' ? FULFILL : reject(code);
      const receiver = openReceiver('test.here', EUR, { reply: async () => reply });
      const { ledger, metrics, send } = await startConnector({ peers: [there], receiver });
      assert.deepEqual(await send(here, prepareOf(prepare)), reply);
      assert.deepEqual(ledger.read.all("SELECT id FROM transfers WHERE id LIKE 'packet:%'"), []);
      assert.deepEqual(receiver.posted, []);
      assert.deepEqual(totalsOf(ledger), new Map(outcome));
      assert.deepEqual(metrics.counted, totalsOf(ledger));
    });
  }

  it('still learns the rate and may be worth nothing', async () => {
    const amounts: string[] = [];
    const receiver = openReceiver('test.here', EUR, {
      reply: async ({ amount }) => {
        amounts.push(amount);
        return reject('F05');
      },
    });
    const { send } = await startConnector({ peers: [there], receiver });
    for (const amount of ['1000', '1'])
      await send(here, prepareOf({ amount, executionCondition: Buffer.alloc(32) }));
    assert.deepEqual(amounts, ['910', '0']);
  });

  it('passes a reject from downstream on as it is, and counts no error of its own', async () => {
    const { ledger, send, balance, pending } = await startConnector({
      peers: [there],
      links: linkThatSays(reject('T99')),
    });
    assert.deepEqual(await send(alice, prepareOf({ destination: 'test.there.carol' })), reject('T99'));
    assert.deepEqual([balance('wallet:alice'), pending('wallet:alice')], [50_000n, 0n]);
    assert.deepEqual(totalsOf(ledger), new Map(packetTotals('rejected', 'reject', 'temporary')));
  });
});

const noRates: ConnectorOptions['rates'] = {
  ratio() {
    throw new Error('rates are stale');
  },
};
const notSent = new Map([
  ['there', answering(async () => Promise.reject(new LinkError('not_sent', 'refused')))],
]);
const wrongFulfill: IlpReply = { fulfillment: Buffer.alloc(32, 1), data: Buffer.alloc(0) };
const far = peer('far', { maxPacketAmountUnits: 10n ** 12n });
const soon = (ms: number) => new Date(Date.now() + ms);

/** What, what it is answered and counted as, the packet, and what is special about the connector. */
const REFUSALS: Array<[string, string, string, Partial<IlpPrepare>, Partial<ConnectorOptions>?]> = [
  ['to an unknown address', 'F02', 'unreachable', { destination: 'g.nowhere' }],
  ['above the largest amount', 'F08', 'amount_too_large', { amount: '10001' }],
  ['above every amount', 'F08', 'amount_too_large', { amount: '18446744073709551615' }],
  ['that is too many', 'T05', 'rate_limited', {}, { limits: { packetsPerSecond: 0 } }],
  ['with too much value', 'T04', 'throughput_exceeded', {}, { limits: { throughputUnitsPerSecond: 99n } }],
  [
    'beyond the credit of its peer',
    'T04',
    'insufficient_liquidity',
    {},
    { peers: [peer('there', { creditLimitUnits: 99n })] },
  ],
  ['without liquidity to convert it', 'T04', 'insufficient_liquidity', {}, { liquidityUnits: 90n }],
  ['without a rate', 'T00', 'rates_unavailable', {}, { rates: noRates }],
  ['worth nothing after conversion', 'R01', 'invalid_packet', { amount: '1' }],
  ['that has expired', 'R00', 'expired', { expiresAt: soon(-1) }],
  ['with no time for the next hop', 'R02', 'expired', { expiresAt: soon(1_200), destination: 'test.far.x' }],
  [
    'to a peer that is down',
    'T01',
    'peer_unreachable',
    { destination: 'test.far.x' },
    { links: new Map([['far', notSent.get('there')!]]) },
  ],
  [
    'that comes back with a wrong fulfillment',
    'F05',
    'wrong_fulfillment',
    { destination: 'test.far.x' },
    { links: new Map([['far', answering(async () => wrongFulfill)]]) },
  ],
  [
    'that the receiver breaks on',
    'T00',
    'internal',
    {},
    { receiver: openReceiver('test.here', EUR, { reply: () => Promise.reject(new Error('bug')) }) },
  ],
  [
    'that the payment does not take after all',
    'T00',
    'internal',
    {},
    {
      receiver: openReceiver('test.here', EUR, {
        onPosted: () => {
          throw new Error('it has ended');
        },
      }),
    },
  ],
];

describe('a packet that this connector refuses', () => {
  for (const [what, code, errorType, prepare, options] of REFUSALS) {
    it(`${what} gets ${code}, counts as ${errorType} and changes no balance`, async () => {
      const { ledger, metrics, send, connector } = await startConnector({ peers: [there, far], ...options });
      const before = ledger.accounts().map(({ id, balanceUnits }) => ({ id, balanceUnits }));
      assert.equal(codeOf(await send(sourceOfPeer(there), prepareOf(prepare))), code);
      const after = ledger.accounts();
      assert.deepEqual(
        after.map(({ id, balanceUnits }) => ({ id, balanceUnits })),
        before,
      );
      assert.deepEqual(
        after.filter(({ pendingDebitUnits }) => pendingDebitUnits > 0n),
        [],
      );
      const totals = totalsOf(ledger);
      assert.equal(totals.get('ilp_packets_processed_total{status=rejected,type=prepare}'), 1n);
      const errors = [...totals].filter(([key]) => key.startsWith('connector_errors_total'));
      assert.deepEqual(
        errors.map(([key]) => key.match(/type=(\w+)/)?.[1]),
        [errorType],
      );
      assert.equal([...totals].length, 3);
      assert.deepEqual(new Map([...metrics.counted].sort()), totals);
      assert.ok(Math.abs(connector.lastErrorAtMs() - Date.now()) < 5_000);
      assert.deepEqual(ledger.audit(), []);
    });
  }

  it('of random bytes gets F01, whatever they are, and moves nothing', async () => {
    const { connector, ledger, balance } = await startConnector({ peers: [there] });
    const good = serializeIlpPrepare(prepareOf({ amount: '0' }));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(good.length).map((end) => good.subarray(0, end)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => {
        const reply = await connector.handle(sourceOfPeer(there), Buffer.from(input));
        assert.ok(['F01', 'fulfill'].includes(codeOf(deserializeIlpReply(reply))));
        assert.equal(balance('peer:there'), 0n);
      }),
      { numRuns: 300 },
    );
    assert.deepEqual(ledger.audit(), []);
  });
});
