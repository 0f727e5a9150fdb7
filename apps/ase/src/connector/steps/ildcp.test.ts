import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isFulfill } from 'ilp-packet';
import { sha256 } from '../packet.ts';
import { fulfillAll, packetOf, peer, sourceOfPeer } from '../testing.ts';
import { fulfillmentCheck } from './fulfillmentCheck.ts';
import { ildcp } from './ildcp.ts';

it('tells a peer its address and asset', async () => {
  const source = sourceOfPeer(peer('there', { ilpAddress: `test.${'x'.repeat(200)}`, assetScale: 9 }));
  const executionCondition = sha256(Buffer.alloc(32));
  const packet = packetOf({
    source,
    prepare: { destination: 'peer.config', amount: '0', executionCondition },
  });
  const reply = await fulfillmentCheck()(packet, (same) => ildcp()(same, fulfillAll()));
  assert.ok(isFulfill(reply));
  const { data } = reply;
  // RFC 31: address with its length (205 needs a length of the length), scale, asset code with its length.
  assert.deepEqual([...data.subarray(0, 2)], [0x81, 205]);
  assert.equal(data.subarray(2, 207).toString(), source.ilpAddress);
  assert.deepEqual([...data.subarray(207)], [9, 3, ...Buffer.from('USD')]);
});

it('passes every other packet on', async () => {
  const next = fulfillAll();
  await ildcp()(packetOf(), next);
  assert.equal(next.seen.length, 1);
});
