import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { planPayments } from './plan.ts';

describe('the payments of a seed', () => {
  it('are the same every time, on every machine', () => {
    assert.deepEqual(planPayments({ payments: 3, seed: 7 }), [
      {
        from: { ase: 'cloud-nine', wallet: 'alice' },
        to: { ase: 'happy-life', wallet: 'dave' },
        kind: 'fixed-receive',
        amountUnits: 13275n,
      },
      {
        from: { ase: 'cloud-nine', wallet: 'bob' },
        to: { ase: 'happy-life', wallet: 'alice' },
        kind: 'fixed-receive',
        amountUnits: 18381n,
      },
      {
        from: { ase: 'cloud-nine', wallet: 'alice' },
        to: { ase: 'happy-life', wallet: 'dave' },
        kind: 'fixed-receive',
        amountUnits: 5330n,
      },
    ]);
  });

  it('of a longer plan begin with those of a shorter one', () => {
    const sizes = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(fc.nat(), sizes, sizes, (seed, a, b) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        const plan = planPayments({ payments: long, seed });
        assert.deepEqual(plan.slice(0, short), planPayments({ payments: short, seed }));
      }),
    );
  });

  it('differ from seed to seed', () => {
    const plans = [1, 2, 3].map((seed) => JSON.stringify(planPayments({ payments: 5, seed }), bigints));
    assert.equal(new Set(plans).size, 3);
  });

  it('go both ways, to all wallets, fixed on either side, well above the fee', () => {
    const plan = planPayments({ payments: 500, seed: 1 });
    const kinds = new Set(plan.map(({ from, kind }) => `${from.ase} ${from.wallet} ${kind}`));
    assert.equal(kinds.size, 2 * 4 * 2);
    assert.ok(plan.every(({ amountUnits }) => amountUnits >= 500n && amountUnits <= 25_000n));
    assert.ok(plan.every(({ from, to }) => from.ase !== to.ase));
  });

  for (const request of [
    { from: 'happy-life' },
    { to: 'cloud-nine' },
    { from: 'happy-life', to: 'cloud-nine' },
  ] as const) {
    it(`go one way with ${JSON.stringify(request)}`, () => {
      const plan = planPayments({ payments: 20, seed: 1, ...request });
      assert.ok(plan.every(({ from, to }) => from.ase === 'happy-life' && to.ase === 'cloud-nine'));
    });
  }
});

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
