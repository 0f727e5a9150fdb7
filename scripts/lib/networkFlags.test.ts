import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { networkOfAse, networksOf } from './networkComponents.ts';
import { networkDifference, wantedNetwork } from './networkFlags.ts';

const PLAIN = { core: false, livenet: [] } as const;

describe('the flags of up about network telemetry', () => {
  test('ask for the testnet by default, for nothing with --core, for the livenet by name', () => {
    const plain = wantedNetwork({ core: false }, 1);
    assert.deepEqual(networksOf(plain), ['testnet']);
    assert.equal(networkOfAse(plain, 'happy-life'), 'testnet');
    const core = wantedNetwork({ core: true }, 1);
    assert.deepEqual(networksOf(core), []);
    assert.equal(networkOfAse(core, 'happy-life'), undefined);
    const live = wantedNetwork({ core: false, livenet: ['happy-life'] }, 1);
    assert.deepEqual(networksOf(live), ['testnet', 'livenet']);
    assert.equal(networkOfAse(live, 'happy-life'), 'livenet');
    assert.equal(networkOfAse(live, 'cloud-nine'), 'testnet');
  });

  test('are refused when they contradict each other, or name an ASE that is not there', () => {
    assert.throws(() => wantedNetwork({ core: true, livenet: ['happy-life'] }, 1), /contradict/);
    assert.throws(() => wantedNetwork({ core: false, livenet: ['global-bank'] }, 1), /--hops 2/);
    assert.ok(wantedNetwork({ core: false, livenet: ['global-bank'] }, 2));
  });

  test('are compared with what runs; what is not given asks for nothing', () => {
    const live = { core: false, livenet: ['happy-life'] } as const;
    assert.equal(networkDifference({ core: false }, live), false);
    assert.equal(networkDifference({ core: false, livenet: ['happy-life'] }, live), false);
    assert.match(String(networkDifference({ core: true }, PLAIN)), /has network telemetry/);
    assert.match(
      String(networkDifference({ core: false, livenet: ['happy-life'] }, PLAIN)),
      /on the testnet/,
    );
    assert.match(String(networkDifference({ core: false, livenet: ['cloud-nine'] }, live)), /happy-life/);
    const core = { core: true, livenet: [] };
    assert.match(String(networkDifference({ core: false, livenet: ['cloud-nine'] }, core)), /no network/);
  });
});
