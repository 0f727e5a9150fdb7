import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Ledger } from '../ledger/types.ts';
import { createQuotes } from './quotes.ts';
import { createTestPath, createTestReceiver, recordingMetrics, reject } from './testing.ts';

const USD = { assetCode: 'USD', assetScale: 2 };
const RATE = { numerator: 91n, denominator: 100n };

describe('quotes', () => {
  let to: Awaited<ReturnType<typeof createTestReceiver>>;
  before(async () => {
    to = await createTestReceiver();
  });
  after(() => to.close());

  /** Quotes for payments to the receiver, with a clock, a market and a path that the test moves. */
  async function setUp() {
    const state = { nowMs: Date.now(), market: RATE };
    const path = createTestPath(to, RATE);
    const ids = [await to.create(1_000n), await to.create(2_000n)].map(({ id }) => id);
    const quotes = createQuotes({
      ledger: {} as Ledger,
      asset: USD,
      fee: { fixedUnits: 0n, basisPoints: 0n },
      ttlMs: 60_000,
      receivers: { get: async (url) => to.view(url), close: async () => {} },
      rates: { ratio: () => state.market },
      pluginFor: () => path,
      metrics: recordingMetrics(),
      nowMs: () => state.nowMs,
    });
    const quote = (id = ids[0]!) => quotes.prepare({ wallet: 'bob', receiver: id });
    return { state, path, ids, quote };
  }

  test('within a second need one measurement of the way to an ASE, whichever payments they are for', async () => {
    const { state, path, ids, quote } = await setUp();
    const first = await quote(ids[0]);
    const { packets } = path;
    assert.ok(packets > 0);
    state.nowMs += 999;
    const second = await quote(ids[1]);
    assert.equal(path.packets, packets);
    assert.deepEqual(second.path, first.path);
    state.nowMs += 1;
    await quote(ids[1]);
    assert.equal(path.packets, packets + 1);
  });

  test('measure again at once when the market has another rate', async () => {
    const { state, path, quote } = await setUp();
    await quote();
    const { packets } = path;
    path.rate = { numerator: 80n, denominator: 100n };
    state.market = path.rate;
    assert.deepEqual((await quote()).path.low, { numerator: 8_000n, denominator: 10_000n });
    assert.equal(path.packets, packets + 1);
  });

  test('that failed are not remembered', async () => {
    const { path, quote } = await setUp();
    path.intercept = () => reject('F02');
    await assert.rejects(quote(), { code: 'rate_probe_failed' });
    path.intercept = () => undefined;
    assert.equal((await quote()).receiveUnits, 1_000n);
  });
});
