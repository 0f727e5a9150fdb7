import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IlpReply } from 'ilp-packet';
import { EUR, openReceiver, peer, prepareOf, sourceOfPeer, startConnector, totalsOf } from './testing.ts';

const there = peer('there');
const codeOf = (reply: IlpReply) => ('fulfillment' in reply ? 'fulfill' : reply.code);

describe('the connector', () => {
  it('moves the money of a fulfilled packet from a peer, converted, and counts it everywhere', async () => {
    const receiver = openReceiver('test.here', EUR);
    const { ledger, metrics, send, balance } = await startConnector({ peers: [there], receiver });
    assert.equal(codeOf(await send(sourceOfPeer(there), prepareOf({ amount: '101' }))), 'fulfill');
    assert.equal(balance('peer:there'), -101n);
    assert.equal(balance('wallet:bob'), 91n);
    assert.deepEqual(receiver.posted, [91n]);
    assert.deepEqual(ledger.audit(), []);
    assert.deepEqual(
      totalsOf(ledger),
      new Map([
        ['account_debits_total{peer_id=there}', 101n],
        ['ilp_packets_processed_total{status=fulfilled,type=prepare}', 1n],
        ['ilp_packets_processed_total{status=valid,type=fulfill}', 1n],
      ]),
    );
    assert.deepEqual(new Map([...metrics.counted].sort()), totalsOf(ledger));
    assert.equal(metrics.latencies.length, 1);
  });
});
