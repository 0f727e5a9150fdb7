import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestNetwork } from '../testNetwork.ts';
import { checkBooks, inBatches, makePayment, type PaymentPlan, waitForEnd } from './paymentScript.ts';

const PAYMENTS = 24;
const KILLS = 4;

test('kill -9 of either ASE in the middle of payments: every payment completes exactly once, no unit is lost', {
  timeout: 240_000,
}, async (t) => {
  const network = await createTestNetwork();
  const names = ['cloud-nine', 'happy-life'] as const;
  try {
    await Promise.all(names.map((name) => network.start(name, 'child')));
    const plans: PaymentPlan[] = Array.from({ length: PAYMENTS }, (_, i) => ({
      from: names[i % 2]!,
      to: names[(i + 1) % 2]!,
      // From one packet to some thirty, so that a kill meets payments at every stage.
      receiveUnits: BigInt(500 + ((i * 7_919) % 300_000)),
    }));
    let done = 0;
    const killer = (async () => {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const mark = Math.floor(((kill + 1) * PAYMENTS) / (KILLS + 3));
        while (done < mark && !t.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
        const name = names[kill % 2]!;
        await network.kill(name);
        await network.start(name, 'child');
      }
    })();
    const payments = await inBatches(plans, 10, async (plan) => {
      const { incoming, outgoing } = await makePayment(network, plan);
      const end = await waitForEnd(network, outgoing);
      done += 1;
      return { plan, incoming, end };
    });
    await killer;
    for (const { plan, incoming, end } of payments) {
      assert.equal(end.state, 'COMPLETED', end.failure);
      const { body } = await network.request(plan.to, 'GET', incoming);
      assert.equal(body.receivedAmount.value, String(plan.receiveUnits));
    }
    await checkBooks(network, payments);
  } finally {
    await network.close();
  }
});
