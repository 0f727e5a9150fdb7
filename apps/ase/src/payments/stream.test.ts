import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { Errors } from 'ilp-packet';
import { probePath } from './pathProbe.ts';
import { deliveredBy, sourceToDeliver } from './quoteMath.ts';
import { sendByStream } from './streamPayment.ts';
import { createTestPath, createTestReceiver, reject } from './testing.ts';

const USD_EUR = { numerator: 91n, denominator: 100n };
const EUR_USD = { numerator: 110n, denominator: 100n };

describe('STREAM from quote to receiver', () => {
  let to: Awaited<ReturnType<typeof createTestReceiver>>;
  before(async () => {
    to = await createTestReceiver();
  });
  after(() => to.close());

  test('a probe finds rate and packet size in two packets, and in one when the size is known', async () => {
    const { id } = await to.create(1_000n);
    const path = createTestPath(to, USD_EUR);
    const found = await probePath(path, to.view(id));
    assert.deepEqual(found, {
      low: { numerator: 9_100n, denominator: 10_000n },
      high: { numerator: 9_101n, denominator: 10_000n },
      maxPacketUnits: 10_000n,
    });
    assert.equal(path.packets, 2);
    assert.deepEqual(await probePath(path, to.view(id), 10_000n), found);
    assert.equal(path.packets, 3);
    assert.equal(to.incomingPayments.get(id)?.receivedUnits, 0n);
  });

  test('a known packet size that has become too large is found out', async () => {
    const { id } = await to.create(1_000n);
    const found = await probePath(createTestPath(to, USD_EUR, 500n), to.view(id), 10_000n);
    assert.equal(found.maxPacketUnits, 500n);
  });

  test('a path that refuses is named with its answer, at once', async () => {
    const { id } = await to.create(1_000n);
    const path = createTestPath(to, USD_EUR);
    path.intercept = () => reject('T01');
    await assert.rejects(probePath(path, to.view(id)), {
      code: 'rate_probe_failed',
      message: 'The path to the receiver answers T01 from test.connector',
    });
    path.intercept = () => reject('F02');
    await assert.rejects(probePath(path, to.view(id)), { message: /F02/ });
  });

  for (const [name, rate] of [
    ['below 1', USD_EUR],
    ['above 1', EUR_USD],
  ] as const) {
    test(`any amount arrives exactly, within the quoted source amount, at a rate ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.bigInt({ min: 1n, max: 40_000n }), async (wanted) => {
          const { id } = await to.create(wanted);
          const plugin = createTestPath(to, rate);
          const path = await probePath(plugin, to.view(id));
          const maxSourceUnits = sourceToDeliver(wanted, path)!;
          const result = await sendByStream(plugin, {
            receiver: to.view(id),
            path,
            maxSourceUnits,
            deliverUnits: wanted,
          });
          assert.deepEqual(result, { delivered: true });
          assert.ok(plugin.fulfilledSourceUnits <= maxSourceUnits);
          const payment = to.incomingPayments.get(id)!;
          assert.equal(payment.receivedUnits, wanted);
          assert.equal(payment.state, 'COMPLETED');
        }),
        { numRuns: 40 },
      );
    });
  }

  test('a packet whose money could not move leaves its place to the next at once', async () => {
    const { id } = await to.create(1_000n);
    const plugin = createTestPath(to, EUR_USD);
    const path = await probePath(plugin, to.view(id));
    plugin.refusals = 1;
    const result = await sendByStream(plugin, {
      receiver: to.view(id),
      path,
      maxSourceUnits: sourceToDeliver(1_000n, path)!,
      deliverUnits: 1_000n,
    });
    assert.deepEqual(result, { delivered: true });
    assert.equal(to.incomingPayments.get(id)?.receivedUnits, 1_000n);
  });

  test('a fixed amount to send delivers what the quote said', async () => {
    const { id } = await to.create(null);
    const plugin = createTestPath(to, EUR_USD);
    const path = await probePath(plugin, to.view(id));
    const deliverUnits = deliveredBy(12_345n, path);
    const order = { receiver: to.view(id), path, maxSourceUnits: 12_345n, deliverUnits };
    assert.deepEqual(await sendByStream(plugin, order), { delivered: true });
    // Two packets, the last of which may bring a unit of rounding.
    const received = to.incomingPayments.get(id)!.receivedUnits;
    assert.ok(received === deliverUnits || received === deliverUnits + 1n, `${received} of ${deliverUnits}`);
  });

  test('a rate that rose since the quote does not make the receiver take more than it asked for', async () => {
    const { id } = await to.create(9_000n);
    const plugin = createTestPath(to, USD_EUR);
    const path = await probePath(plugin, to.view(id));
    plugin.rate = { numerator: 120n, denominator: 100n };
    const order = { receiver: to.view(id), path, maxSourceUnits: 9_900n, deliverUnits: 9_000n };
    assert.deepEqual(await sendByStream(plugin, order), { delivered: true });
    assert.equal(to.incomingPayments.get(id)?.receivedUnits, 9_000n);
    assert.ok(plugin.fulfilledSourceUnits < 8_000n);
  });

  test('a rate that fell since the quote ends the attempt and costs nothing', async () => {
    const { id } = await to.create(9_000n);
    const plugin = createTestPath(to, USD_EUR);
    const path = await probePath(plugin, to.view(id));
    plugin.rate = { numerator: 80n, denominator: 100n };
    const order = { receiver: to.view(id), path, maxSourceUnits: 9_900n, deliverUnits: 9_000n };
    const result = await sendByStream(plugin, order);
    assert.equal(result.delivered, false);
    assert.equal(plugin.fulfilledSourceUnits, 0n);
  });

  test('an attempt that spends all and delivers too little ends instead of waiting for ever', async () => {
    const { id } = await to.create(null);
    const plugin = createTestPath(to, USD_EUR);
    const path = await probePath(plugin, to.view(id));
    const order = { receiver: to.view(id), path, maxSourceUnits: 1_000n, deliverUnits: 5_000n };
    assert.deepEqual(await sendByStream(plugin, order), {
      delivered: false,
      reason: 'SourceAmountSpent',
      isFinal: false,
    });
  });

  test('all packets of a small payment are under way before the first answer', async () => {
    const { id } = await to.create(25_000n);
    const plugin = createTestPath(to, USD_EUR);
    const path = await probePath(plugin, to.view(id));
    let underWay = 0;
    let most = 0;
    const slow = {
      async sendData(bytes: Buffer) {
        most = Math.max(most, ++underWay);
        // Enough turns of the event loop for all that does not wait for time or an answer.
        for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
        const reply = await plugin.sendData(bytes);
        underWay -= 1;
        return reply;
      },
    };
    const maxSourceUnits = sourceToDeliver(25_000n, path)!;
    const order = { receiver: to.view(id), path, maxSourceUnits, deliverUnits: 25_000n };
    assert.deepEqual(await sendByStream(slow, order), { delivered: true });
    assert.equal(most, 3);
  });

  test('a packet that was accepted before its payment was completed is refused, and nothing went wrong', async () => {
    const { id } = await to.create(1_000n);
    const destination = to.receiver.resolve(to.view(id).ilpAddress)!;
    await to.ledger.commit((tx) => to.incomingPayments.complete(tx, id));
    const posting = to.ledger.commit((tx) => destination.onPosted(tx, 1_000n));
    await assert.rejects(posting, Errors.UnreachableError);
    assert.equal(to.incomingPayments.get(id)?.receivedUnits, 0n);
  });

  test('a completed payment refuses every packet', async () => {
    const { id } = await to.create(1_000n);
    const plugin = createTestPath(to, USD_EUR);
    const view = to.view(id);
    const path = await probePath(plugin, view);
    await to.ledger.commit((tx) => to.incomingPayments.complete(tx, id));
    const order = { receiver: view, path, maxSourceUnits: 2_000n, deliverUnits: 1_000n };
    const result = await sendByStream(plugin, order);
    assert.equal(result.delivered, false);
    assert.equal(to.incomingPayments.get(id)?.receivedUnits, 0n);
  });
});
