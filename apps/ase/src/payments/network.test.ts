import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestNetwork, type TestNetwork } from '../testNetwork.ts';
import { checkBooks, inBatches, makePayment, type PaymentPlan, waitForEnd } from './paymentScript.ts';

const ASSET: Record<string, string> = { 'cloud-nine': 'USD', 'happy-life': 'EUR', 'global-bank': 'USD' };

for (const hops of [1, 2] as const) {
  describe(`payments over ${hops} hop${hops === 1 ? '' : 's'}`, () => {
    let network: TestNetwork;
    before(async () => {
      network = await createTestNetwork(hops);
      await Promise.all(Object.keys(network.urls).map((name) => network.start(name)));
    });
    after(() => network.close());

    test('in both directions and inside one ASE arrive exactly, and the books agree everywhere', async () => {
      const plans: PaymentPlan[] = [];
      for (let i = 0; i < 24; i += 1) {
        const [from, to] = (
          [
            ['cloud-nine', 'happy-life'],
            ['happy-life', 'cloud-nine'],
            ['cloud-nine', 'cloud-nine'],
          ] as const
        )[i % 3]!;
        plans.push({ from, to, receiveUnits: BigInt(1 + i * 997) });
      }
      const payments = await inBatches(plans, 8, async (plan) => {
        const made = await makePayment(network, plan);
        return { plan, ...made, end: await waitForEnd(network, made.outgoing) };
      });
      for (const { plan, incoming, end } of payments) {
        assert.equal(end.state, 'COMPLETED', end.failure);
        const { body } = await network.request(plan.to, 'GET', incoming);
        assert.equal(body.receivedAmount.value, String(plan.receiveUnits));
        assert.equal(body.state, 'COMPLETED');
        assert.ok(BigInt(end.sentAmount.value) + BigInt(end.fee.value) <= BigInt(end.debitAmount.value));
      }
      await checkBooks(
        network,
        payments.map(({ plan, end }) => ({ plan, end })),
      );
    });

    test('a fixed debit takes exactly that from the wallet, and delivers what the quote said', async () => {
      const balance = async () => {
        const { accounts } = await network.admin('cloud-nine', '/admin/ledger');
        return BigInt(accounts.find(({ id }) => id === 'wallet:bob')!.balanceUnits);
      };
      const before = await balance();
      const plan = { from: 'cloud-nine', to: 'happy-life', debitUnits: 77_777n };
      const { outgoing, incoming } = await makePayment(network, plan);
      const end = await waitForEnd(network, outgoing);
      assert.equal(end.state, 'COMPLETED', end.failure);
      const { body } = await network.request('happy-life', 'GET', incoming);
      assert.ok(BigInt(body.receivedAmount.value) >= BigInt(end.receiveAmount.value));
      assert.equal(before - (await balance()), BigInt(end.sentAmount.value) + BigInt(end.fee.value));
      assert.ok(77_777n - (before - (await balance())) <= 2n);
      assert.equal(end.sentAmount.assetCode, ASSET['cloud-nine']);
    });

    test('what happened in a window of time is counted exactly, its edges told from events', async () => {
      const from = Date.now();
      const plan = { from: 'cloud-nine', to: 'happy-life', receiveUnits: 500n };
      const { outgoing } = await makePayment(network, plan);
      const end = await waitForEnd(network, outgoing);
      const to = Date.now();
      const window = (await network.admin(
        'cloud-nine',
        `/admin/ledger/window?from=${from - 1}&to=${to}`,
      )) as unknown as {
        rows: unknown[];
        nearestEventMs: { from: number; to: number };
      };
      assert.deepEqual(window.rows, [
        {
          quantity: 'payments_total',
          labels: { direction: 'outgoing', state: 'completed', asset: 'USD' },
          value: '1',
        },
        {
          quantity: 'payment_amount_units_total',
          labels: { direction: 'outgoing', asset: 'USD' },
          value: end.sentAmount.value,
        },
      ]);
      assert.ok(window.nearestEventMs.to <= to - from);
      const empty = (await network.admin(
        'cloud-nine',
        `/admin/ledger/window?from=${to + 1}&to=${to + 2}`,
      )) as unknown as { rows: unknown[] };
      assert.deepEqual(empty.rows, []);
    });
  });
}

test('a receiver that is completed while it is being paid fails the payment and gives the rest back', async () => {
  const network = await createTestNetwork();
  try {
    await network.start('cloud-nine');
    await network.start('happy-life');
    const { outgoing, incoming } = await makePayment(network, {
      from: 'cloud-nine',
      to: 'happy-life',
      receiveUnits: 2_000_000n,
    });
    let received = '0';
    while (received === '0')
      received = (await network.request('happy-life', 'GET', incoming)).body.receivedAmount.value;
    await network.request('happy-life', 'POST', `${incoming}/complete`);
    const end = await waitForEnd(network, outgoing);
    assert.equal(end.state, 'FAILED');
    assert.match(end.failure, /completed/);
    assert.ok(BigInt(end.sentAmount.value) > 0n);
    const { accounts, audit } = await network.admin('cloud-nine', '/admin/ledger');
    assert.deepEqual(audit, []);
    // A failed payment costs what was sent and no fee.
    const left = BigInt(accounts.find(({ id }) => id === 'wallet:bob')!.balanceUnits);
    assert.equal(left, 100_000_000_000n - BigInt(end.sentAmount.value));
    assert.equal(accounts.find(({ id }) => id === 'fees:USD')!.balanceUnits, '0');
  } finally {
    await network.close();
  }
});
