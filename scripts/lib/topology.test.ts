import assert from 'node:assert/strict';
import { it } from 'node:test';
import { topology } from './topology.ts';

const settlement = (method: 'xrp' | 'evm') => ({
  method,
  thresholdUnits: '60000',
  settleToUnits: '0',
  channelUnits: '500000',
});

it('links the two ends directly with one hop', () => {
  const [cloudNine, happyLife] = topology(1);
  assert.deepEqual(cloudNine!.peers, [
    {
      id: 'happy-life',
      assetCode: 'USD',
      assetScale: 2,
      routes: ['test.happy-life'],
      settlement: settlement('xrp'),
    },
  ]);
  assert.deepEqual(happyLife!.peers[0]!.routes, ['test.cloud-nine']);
  assert.deepEqual(happyLife!.peers[0]!.settlement, settlement('evm'));
  assert.equal(happyLife!.assetCode, 'EUR');
});

it('puts global-bank between them with two', () => {
  const [cloudNine, globalBank, happyLife] = topology(2);
  assert.deepEqual(cloudNine!.peers, [
    {
      id: 'global-bank',
      assetCode: 'USD',
      assetScale: 2,
      routes: ['test.global-bank', 'test.happy-life'],
      settlement: settlement('xrp'),
    },
  ]);
  assert.deepEqual(
    globalBank!.peers.map(({ id, assetCode, routes }) => ({ id, assetCode, routes })),
    [
      { id: 'cloud-nine', assetCode: 'USD', routes: ['test.cloud-nine'] },
      { id: 'happy-life', assetCode: 'EUR', routes: ['test.happy-life'] },
    ],
  );
  assert.deepEqual(happyLife!.peers[0]!.routes, ['test.global-bank', 'test.cloud-nine']);
});

it('gives every link one asset, seen from both sides', () => {
  for (const hops of [1, 2] as const) {
    const ases = topology(hops);
    for (const ase of ases) {
      for (const peer of ase.peers) {
        const back = ases.find(({ name }) => name === peer.id)!.peers.find(({ id }) => id === ase.name);
        assert.equal(back?.assetCode, peer.assetCode);
      }
    }
  }
});
