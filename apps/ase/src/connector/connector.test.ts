import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IlpReply } from 'ilp-packet';
import {
  alice,
  answering,
  codeOf,
  EUR,
  FULFILL,
  noRates,
  openReceiver,
  peer,
  prepareOf,
  sourceOfPeer,
  startConnector,
  totalsOf,
} from './testing.ts';
import type { LocalReceiver } from './types.ts';

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

  it('stays fulfilled when its receiver breaks on the news', async () => {
    const open = openReceiver('test.here', EUR);
    const receiver: LocalReceiver = {
      ...open,
      resolve: (address) => ({
        ...open.resolve(address)!,
        afterPosted: () => {
          throw new Error('bug');
        },
      }),
    };
    const { send, balance } = await startConnector({ peers: [], receiver });
    assert.deepEqual(await send(alice, prepareOf({ amount: '100' })), FULFILL);
    assert.equal(balance('wallet:bob'), 100n);
  });

  it('tells its receiver when there was not the money for what that had fulfilled', async () => {
    const told: string[] = [];
    const open = openReceiver('test.here', EUR);
    const receiver: LocalReceiver = {
      ...open,
      resolve: (address) => ({
        ...open.resolve(address)!,
        onPosted: () => void told.push('posted'),
        afterPosted: () => void told.push('after'),
        onRefused: () => void told.push('refused'),
      }),
    };
    const { send, balance, ledger } = await startConnector({ peers: [], receiver });
    assert.equal(codeOf(await send(alice, prepareOf({ amount: '50001' }), 'key')), 'T04');
    assert.equal(codeOf(await send(alice, prepareOf({ amount: '50001' }), 'other key')), 'T04');
    assert.deepEqual(told, ['refused', 'refused']);
    assert.equal(balance('wallet:bob'), 0n);
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
