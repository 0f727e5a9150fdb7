import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { deserializeIlpPrepare, deserializeIlpReply, isFulfill } from 'ilp-packet';
import { createLedger } from '../ledger/ledger.ts';
import { accountSpec, temporaryFolder } from '../ledger/testing.ts';
import type { Ledger } from '../ledger/types.ts';
import { PaymentsError } from './errors.ts';
import { createOutgoingPayments } from './outgoingPayments.ts';
import {
  backoffAfterMs,
  createOutgoingWorker,
  MAX_ATTEMPTS,
  missingUnits,
  type OutgoingWorkerOptions,
} from './outgoingWorker.ts';
import { probePath } from './pathProbe.ts';
import { paymentAccount } from './paymentAccounts.ts';
import { deliveredBy, feeFor, sourceToDeliver } from './quoteMath.ts';
import { createQuotes } from './quotes.ts';
import type { Receivers } from './receivers.ts';
import { definePaymentTables } from './tables.ts';
import { createTestPath, createTestReceiver, recordingMetrics, reject, type TestPath } from './testing.ts';

const USD = { assetCode: 'USD', assetScale: 2 };
const RATE = { numerator: 91n, denominator: 100n };
const FEE = { fixedUnits: 100n, basisPoints: 200n };
const OPENING_UNITS = 10n ** 12n;
const log = { info() {}, warn() {}, error() {} };

describe('the worker of outgoing payments', () => {
  const { folder, remove } = temporaryFolder();
  let to: Awaited<ReturnType<typeof createTestReceiver>>;
  let ledger: Ledger;
  const metrics = recordingMetrics();

  before(async () => {
    to = await createTestReceiver();
    ledger = createLedger({ file: `${folder}/ledger.sqlite` });
    definePaymentTables(ledger);
    await ledger.commit((tx) => {
      tx.openAccount(accountSpec('external:USD', { minBalanceUnits: null }));
      tx.openAccount(accountSpec('fees:USD'));
      tx.openAccount(accountSpec('wallet:bob'));
      tx.transfer({
        id: 'opening',
        legs: [{ debit: 'external:USD', credit: 'wallet:bob', amountUnits: OPENING_UNITS }],
      });
    });
  });
  after(async () => {
    await ledger.close();
    await to.close();
    remove();
  });

  /** A payment over a path, with the worker that runs it; the path debits the payment's account as a connector does. */
  async function setUp(receiveUnits: bigint, rest: Partial<OutgoingWorkerOptions> = {}) {
    const path = createTestPath(to, RATE);
    const { id: incoming } = await to.create(receiveUnits);
    const receivers: Receivers = { get: async () => to.view(incoming), close: async () => {} };
    const payments = createOutgoingPayments({ ledger, asset: USD, feeAccount: 'fees:USD', metrics });
    const quotes = createQuotes({
      ledger,
      asset: USD,
      fee: FEE,
      ttlMs: 60_000,
      receivers,
      rates: { ratio: () => RATE },
      pluginFor: () => path,
      metrics,
    });
    const quote = await quotes.prepare({ wallet: 'bob', receiver: 'x' });
    const payment = await ledger.commit((tx) => {
      quotes.insert(tx, quote);
      return payments.create(tx, { wallet: 'bob', quoteId: quote.id, metadata: null });
    });
    const worker = createOutgoingWorker({
      ledger,
      payments,
      receivers,
      pluginFor: (sender) => debiting(path, sender),
      log,
      backoffMs: () => 1,
      ...rest,
    });
    return { path, incoming, payments, payment, worker, receivers };
  }

  const debiting = (path: TestPath, sender: string) => ({
    async sendData(bytes: Buffer) {
      const reply = await path.sendData(bytes);
      const amountUnits = BigInt(deserializeIlpPrepare(bytes).amount);
      if (isFulfill(deserializeIlpReply(reply))) {
        const legs = [{ debit: paymentAccount(sender), credit: 'external:USD', amountUnits } as const];
        await ledger.commit((tx) => tx.transfer({ id: crypto.randomUUID(), legs }));
      }
      return reply;
    },
  });

  async function ended({ payments, payment }: Awaited<ReturnType<typeof setUp>>) {
    for (;;) {
      const now = payments.get(payment.id)!;
      if (now.state === 'COMPLETED' || now.state === 'FAILED') return now;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  test('completes a payment, takes the fee and gives back what is left', async () => {
    const setup = await setUp(12_345n);
    const wallet = ledger.read.account('wallet:bob')!.balanceUnits;
    const fees = ledger.read.account('fees:USD')!.balanceUnits;
    setup.worker.start();
    const end = await ended(setup);
    await setup.worker.stop(1_000);
    assert.equal(end.state, 'COMPLETED');
    assert.equal(end.sentUnits, 13_566n);
    assert.equal(end.feeUnits, 372n);
    assert.equal(end.quote.debitUnits, 13_566n + 372n);
    assert.equal(ledger.read.account('fees:USD')!.balanceUnits - fees, 372n);
    assert.equal(ledger.read.account('wallet:bob')!.balanceUnits, wallet);
    assert.equal(ledger.read.account(paymentAccount(end.id))!.balanceUnits, 0n);
  });

  test('whatever breaks off on the way, the receiver gets exactly its amount and the sender pays no more than quoted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 1n, max: 60_000n }),
        fc.array(fc.constantFrom('F00', 'T01', undefined, undefined, undefined), { maxLength: 12 }),
        async (receiveUnits, troubles) => {
          const setup = await setUp(receiveUnits);
          const script = [...troubles];
          setup.path.intercept = () => {
            const code = script.shift();
            return code && reject(code);
          };
          setup.worker.start();
          const end = await ended(setup);
          await setup.worker.stop(1_000);
          assert.equal(end.state, 'COMPLETED', String(end.failure));
          assert.equal(to.incomingPayments.get(setup.incoming)?.receivedUnits, receiveUnits);
          assert.ok(end.sentUnits + end.feeUnits <= end.quote.debitUnits);
          assert.ok(end.feeUnits >= end.quote.feeUnits - 50n);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('tries again while the receiver is away, and fails after too many tries without cost', async () => {
    const wallet = ledger.read.account('wallet:bob')!.balanceUnits;
    let looks = 0;
    const away = new PaymentsError('receiver_unavailable', 'does not answer', 'receiver');
    const setup = await setUp(1_000n, {
      receivers: {
        get: () => {
          looks += 1;
          return Promise.reject(away);
        },
        close: async () => {},
      },
    });
    setup.worker.start();
    const end = await ended(setup);
    await setup.worker.stop(1_000);
    assert.equal(end.state, 'FAILED');
    assert.equal(end.failure, 'receiver does not answer');
    assert.equal(looks, MAX_ATTEMPTS);
    assert.equal(end.feeUnits, 0n);
    assert.equal(ledger.read.account('wallet:bob')!.balanceUnits, wallet);
  });

  test('the first attempt goes by what the quote saw, every other one asks the receiver', async () => {
    const asked: unknown[] = [];
    const setup = await setUp(1_000n);
    let isFirst = true;
    setup.path.intercept = () => {
      if (!isFirst) return undefined;
      isFirst = false;
      return reject('F00');
    };
    const worker = createOutgoingWorker({
      ledger,
      payments: setup.payments,
      receivers: {
        get(url, options) {
          asked.push(options);
          return setup.receivers.get(url);
        },
        close: async () => {},
      },
      pluginFor: (sender) => debiting(setup.path, sender),
      log,
      backoffMs: () => 1,
    });
    worker.start();
    assert.equal((await ended(setup)).state, 'COMPLETED');
    await worker.stop(1_000);
    assert.deepEqual(asked, [{ orLately: true }, { orLately: false }]);
  });

  test('fails at once when the receiver does not exist any more', async () => {
    const gone = new PaymentsError('receiver_invalid', 'names no incoming payment', 'receiver');
    const setup = await setUp(1_000n, {
      receivers: { get: () => Promise.reject(gone), close: async () => {} },
    });
    setup.worker.start();
    assert.equal((await ended(setup)).state, 'FAILED');
    await setup.worker.stop(1_000);
  });

  test('a stopped worker leaves the payment as it is, and another one finishes it', async () => {
    const setup = await setUp(50_000n);
    const { path, payments, payment, worker } = setup;
    const sending = new Promise<void>((resolve) => {
      path.intercept = () => {
        if (path.packets === 4) resolve();
        return undefined;
      };
    });
    worker.start();
    await sending;
    await worker.stop(5_000);
    const stopped = payments.get(payment.id)!;
    assert.equal(stopped.state, 'SENDING');
    assert.ok(stopped.sentUnits > 0n && stopped.sentUnits < 50_000n);
    const next = createOutgoingWorker({
      ledger,
      payments,
      receivers: setup.receivers,
      pluginFor: (sender) => debiting(path, sender),
      log,
    });
    next.start();
    const end = await ended(setup);
    await next.stop(1_000);
    assert.equal(end.state, 'COMPLETED');
    assert.equal(to.incomingPayments.get(setup.incoming)?.receivedUnits, 50_000n);
  });

  test('packets without an answer are waited for: nothing is sent twice', async () => {
    const setup = await setUp(1_000n);
    const { payment, path, payments } = setup;
    const amountUnits = 1_099n;
    await ledger.commit((tx) =>
      tx.prepare({
        id: `under-way:${payment.id}`,
        legs: [{ debit: paymentAccount(payment.id), credit: 'external:USD', amountUnits }],
        expiresAtMs: Date.now() + 1_000,
      }),
    );
    const before = path.packets;
    setup.worker.start();
    while (payments.dueAt(Date.now(), 100).includes(payment.id))
      await new Promise((resolve) => setTimeout(resolve, 2));
    assert.equal(path.packets, before);
    // The peer did fulfill it: the receiver has its amount.
    await to.ledger.commit((tx) => to.incomingPayments.credit(tx, setup.incoming, 1_000n));
    await ledger.commit((tx) => tx.post(`under-way:${payment.id}`));
    const end = await ended(setup);
    await setup.worker.stop(1_000);
    assert.equal(end.state, 'COMPLETED');
    assert.equal(end.sentUnits, amountUnits);
    assert.equal(path.packets, before);
  });
});

test('a payment goes on within seconds of its receiver’s return, and is not given up for minutes', () => {
  const delaysMs = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, i) => backoffAfterMs(i + 1));
  assert.ok(Math.max(...delaysMs) <= 5_000);
  const minutes = delaysMs.reduce((sum, ms) => sum + ms, 0) / 60_000;
  assert.ok(minutes >= 5 && minutes <= 7, `${minutes} minutes`);
});

test('a resumed payment never takes what others paid for its own part, nor sends what the receiver does not miss', async () => {
  const to = await createTestReceiver();
  try {
    const { id } = await to.create(10_000n);
    const path = await probePath(createTestPath(to, RATE), to.view(id));
    const receiveUnits = 5_000n;
    const sourceUnits = sourceToDeliver(receiveUnits, path)!;
    const quote = {
      id: 'q',
      wallet: 'bob',
      receiver: 'x',
      debitUnits: sourceUnits + feeFor(sourceUnits, FEE),
      feeUnits: feeFor(sourceUnits, FEE),
      receiveUnits,
      receiveAsset: to.asset,
      path,
      expiresAtMs: 0,
      createdAtMs: 0,
    };
    const missing = (sentUnits: bigint, receivedUnits: bigint, incomingUnits: bigint | null) =>
      missingUnits({ quote, sentUnits }, { incomingUnits, receivedUnits }, 1_000n);
    assert.equal(missing(0n, 1_000n, 10_000n), 5_000n);
    // Others paid 3000 meanwhile, this payment nothing.
    assert.equal(missing(0n, 4_000n, 10_000n), 5_000n);
    // 2000 source units have brought 1820; others paid 1000.
    assert.equal(deliveredBy(2_000n, path), 1_820n);
    assert.equal(missing(2_000n, 3_820n, null), 3_180n);
    // The receiver takes only 500 more.
    assert.equal(missing(0n, 9_500n, 10_000n), 500n);
    assert.equal(missing(0n, 10_000n, 10_000n), 0n);
  } finally {
    await to.close();
  }
});
