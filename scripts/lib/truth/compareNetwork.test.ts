import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NETWORK_COUNTERS, type NetworkCounter } from '../../../telemetry/networkCatalogue.ts';
import type { Reading } from './compare.ts';
import { compareNetwork, type NetworkReadings, type Telling } from './compareNetwork.ts';

const perCounter = <T>(of: (name: NetworkCounter) => T) =>
  Object.fromEntries(NETWORK_COUNTERS.map((name) => [name, of(name)])) as Record<NetworkCounter, T>;
const isAmount = (name: NetworkCounter) => name.includes('amount');

/** Amounts are published 30 above the truth, which may be; counts exactly. */
const TELLING: Telling = {
  ase: 'a',
  enabled: true,
  network: 'testnet',
  instance: 'Bank A',
  mechanism: 'unbiased',
  epsilon: 1,
  exportIntervalMs: 5_000,
  exact: perCounter(() => '1000'),
  counted: perCounter(() => '1000'),
  published: perCounter((name) => (isAmount(name) ? '1030' : '1000')),
  bounds: perCounter((name) => (isAmount(name) ? '50' : '0')),
  waiting: 0,
  collectors: [],
  problem: null,
};

function shown(change: Partial<Reading> = {}): Reading[] {
  return NETWORK_COUNTERS.map((quantity) => ({
    ase: 'Bank A',
    quantity,
    labels: { network: 'testnet', source: 'Bank A' },
    value: TELLING.published[quantity],
    ...change,
  }));
}

function unequal(telling: Partial<Telling> = {}, readings: Partial<NetworkReadings> = {}): string[] {
  const all = { collector: shown(), prometheus: shown(), ...readings };
  return compareNetwork([{ ...TELLING, ...telling }], all).flatMap(({ quantity, equal }) =>
    equal ? [] : [quantity],
  );
}

const AMOUNTS = NETWORK_COUNTERS.filter(isAmount);

describe('compareNetwork', () => {
  it('finds equal what is within its bound and the same at every hop, and shows bound and error', () => {
    const rows = compareNetwork([TELLING], { collector: shown(), prometheus: shown() });
    assert.equal(rows.length, NETWORK_COUNTERS.length);
    assert.ok(rows.every(({ equal }) => equal));
    assert.deepEqual(
      rows.find(({ quantity }) => quantity === 'transactions_amount_total'),
      {
        quantity: 'transactions_amount_total',
        ase: 'a',
        labels: { network: 'testnet' },
        ledger: '1000',
        sdk: '1030',
        collector: '1030',
        prometheus: '1030',
        panel: null,
        equal: true,
        where: null,
        error: '30',
        bound: '50',
      },
    );
  });

  it('takes the newest of the replicas', () => {
    assert.deepEqual(unequal({}, { collector: [...shown({ value: '3' }), ...shown()] }), []);
  });

  it('says no when amounts are further from the truth than they may be, and when there is no bound it cannot say so', () => {
    assert.deepEqual(unequal({ bounds: perCounter((name) => (isAmount(name) ? '29' : '0')) }), AMOUNTS);
    assert.deepEqual(unequal({ bounds: perCounter(() => null) }), []);
  });

  it('says no to a count that is off by one', () => {
    const exact = { ...TELLING.exact, transactions_total: '999' };
    assert.deepEqual(unequal({ exact, counted: exact }), ['transactions_total']);
  });

  it("says no when the ledger and the ASE's own count differ", () => {
    const counted = { ...TELLING.counted, packet_count_fulfill_total: '1001' };
    assert.deepEqual(unequal({ counted }), ['packet_count_fulfill_total']);
  });

  it('waits for what is not released yet', () => {
    assert.deepEqual(unequal({ waiting: 1 }), NETWORK_COUNTERS);
  });

  for (const hop of ['collector', 'prometheus'] as const) {
    it(`says no when the ${hop} has lost a number, or shows another`, () => {
      assert.deepEqual(unequal({}, { [hop]: shown().slice(1) }), [NETWORK_COUNTERS[0]]);
      const [first, ...rest] = shown();
      const tenfold = [{ ...first!, value: '10000' }, ...rest];
      assert.deepEqual(unequal({}, { [hop]: tenfold }), [NETWORK_COUNTERS[0]]);
    });

    it(`says no when the ${hop} names another network, another source, or none`, () => {
      assert.ok(
        unequal({}, { [hop]: shown({ labels: { network: 'livenet', source: 'Bank A' } }) }).length > 0,
      );
      assert.ok(
        unequal({}, { [hop]: shown({ labels: { network: 'testnet', source: 'Bank B' } }) }).length > 0,
      );
      assert.ok(unequal({}, { [hop]: shown({ labels: { network: 'testnet' } }) }).length > 0);
    });
  }

  it('does not mind others who send to the same collectors', () => {
    const other = shown({ ase: 'Rafiki', labels: { network: 'testnet', source: 'Rafiki' } });
    assert.deepEqual(
      unequal({}, { collector: [...shown(), ...other], prometheus: [...shown(), ...other] }),
      [],
    );
  });
});
