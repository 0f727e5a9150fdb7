import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRoutes } from '../routes.ts';
import { EUR, fulfillAll, openReceiver, packetOf, peer, sourceOfPeer, withCode } from '../testing.ts';
import { account } from './account.ts';

const near = peer('near', { routes: ['test'] });
const far = peer('far', { routes: ['test.far', 'test.far.deep'] });
const step = account({
  ilpAddress: 'test.here',
  receiver: openReceiver('test.here', EUR),
  routeTo: createRoutes([near, far]),
});

async function destinationOf(address: string, source = sourceOfPeer(peer('other'))) {
  const next = fulfillAll();
  await step(packetOf({ source, prepare: { destination: address } }), next);
  return next.seen[0]!.destination;
}

describe('the account step', () => {
  it('finds a payment in this ASE', async () => {
    const destination = await destinationOf('test.here.bob');
    assert.equal(destination?.kind === 'local' && destination.local.accountId, 'wallet:bob');
  });

  it('takes the peer with the longest route, by whole segments', async () => {
    assert.deepEqual(await destinationOf('test.far.deep.bob'), { kind: 'peer', peer: far });
    assert.deepEqual(await destinationOf('test.far'), { kind: 'peer', peer: far });
    assert.deepEqual(await destinationOf('test.faraway.bob'), { kind: 'peer', peer: near });
  });

  for (const [what, address] of [
    ['an address without a route', 'g.elsewhere.bob'],
    ['a payment that is not here', 'test.here.nobody'],
    ['a peer protocol that it does not speak', 'peer.route.control'],
  ] as const) {
    it(`refuses ${what}`, () => assert.rejects(destinationOf(address), withCode('F02')));
  }

  it('never sends a packet back where it came from', () =>
    assert.rejects(destinationOf('test.far.bob', sourceOfPeer(far)), withCode('F02')));

  it('leaves a question to the connector itself to the ILDCP step', async () => {
    assert.equal(await destinationOf('peer.config'), undefined);
  });
});
