import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createTestNetwork, type TestNetwork } from '../testNetwork.ts';
import { inBatches, makePayment, waitForEnd } from './paymentScript.ts';

interface Line {
  nodeId: string;
  component: string;
  level: string;
  msg: string;
  correlationId?: string;
  incomingPaymentId?: string;
  outcome?: string;
}

const ENDS = ['Payment ended', 'Incoming payment ended'];

describe('the logs of a network with three ASEs', () => {
  const lines: Line[] = [];
  let network: TestNetwork;
  before(async () => {
    network = await createTestNetwork(2, {}, { onLogLine: (line) => lines.push(JSON.parse(line) as Line) });
    await Promise.all(Object.keys(network.urls).map((name) => network.start(name)));
  });
  after(() => network.close());

  test('each payment is followed from ASE to ASE by its id, and by no other', {
    timeout: 60_000,
  }, async () => {
    const plans = Array.from({ length: 6 }, () => ({
      from: 'cloud-nine',
      to: 'happy-life',
      // Several packets, so that once-per-payment lines are told from lines of packets.
      receiveUnits: 25_000n,
    }));
    const made = await inBatches(plans, 3, async (plan) => {
      const payment = await makePayment(network, plan);
      assert.equal((await waitForEnd(network, payment.outgoing)).state, 'COMPLETED');
      return payment;
    });
    for (const { outgoing, incoming } of made) {
      const id = outgoing.split('/').at(-1)!;
      const about = () => lines.filter((line) => line.correlationId === id);
      // A payment's end is in the books a moment before it is in the log.
      while (!ENDS.every((end) => about().some(({ msg }) => msg === end))) await setImmediate();
      const its = about();
      const words = its
        .filter(({ level }) => level !== 'debug')
        .map(({ nodeId, msg }) => `${nodeId}: ${msg}`);
      // Sorted: the receiver may hear of its end after the sender has told of its own.
      assert.deepEqual(words.toSorted(), [
        'cloud-nine: Payment created',
        'cloud-nine: Payment ended',
        'cloud-nine: Payment is being sent',
        'global-bank: A payment passes through',
        'happy-life: A payment arrives',
        'happy-life: Incoming payment ended',
      ]);
      const arrived = its.filter(
        ({ nodeId, incomingPaymentId }) => nodeId === 'happy-life' && incomingPaymentId,
      );
      assert.deepEqual(
        [...new Set(arrived.map(({ incomingPaymentId }) => incomingPaymentId))],
        [incoming.split('/').at(-1)],
      );
      for (const nodeId of Object.keys(network.urls)) {
        const packets = its.filter((line) => line.nodeId === nodeId && line.msg === 'Packet ended');
        const fulfilled = packets.filter(({ outcome }) => outcome === 'fulfilled');
        assert.ok(fulfilled.length >= 3, `${nodeId} wrote ${fulfilled.length} lines about packets`);
      }
    }
    for (const line of lines) {
      assert.deepEqual(Object.keys(line).slice(0, 4), ['level', 'time', 'nodeId', 'component'], line.msg);
    }
  });
});
