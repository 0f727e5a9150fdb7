import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { deserializeIlpReply, type IlpPrepare, type IlpReply, serializeIlpPrepare } from 'ilp-packet';
import type { ConnectorOptions } from './connector.ts';
import { LinkError } from './errors.ts';
import {
  answering,
  codeOf,
  EUR,
  noRates,
  openReceiver,
  peer,
  prepareOf,
  sourceOfPeer,
  startConnector,
  totalsOf,
} from './testing.ts';

const there = peer('there');
const notSent = new Map([
  ['there', answering(async () => Promise.reject(new LinkError('not_sent', 'refused')))],
]);
const wrongFulfill: IlpReply = { fulfillment: Buffer.alloc(32, 1), data: Buffer.alloc(0) };
const far = peer('far', { maxPacketAmountUnits: 10n ** 12n });
const soon = (ms: number) => new Date(Date.now() + ms);

/** What, what it is answered and counted as, the packet, and what is special about the connector. */
const REFUSALS: Array<
  [
    what: string,
    code: string,
    errorType: string,
    /** A function, where it depends on the moment. */
    prepare: Partial<IlpPrepare> | (() => Partial<IlpPrepare>),
    options?: Partial<ConnectorOptions>,
  ]
> = [
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
  [
    'with no time for the next hop',
    'R02',
    'expired',
    () => ({ expiresAt: soon(1_400), destination: 'test.far.x' }),
  ],
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
      const asked = prepareOf(typeof prepare === 'function' ? prepare() : prepare);
      assert.equal(codeOf(await send(sourceOfPeer(there), asked)), code);
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
