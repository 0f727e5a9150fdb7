import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Errors } from 'ilp-packet';
import { ThroughputExceededError } from '../errors.ts';
import { createInFlight } from '../inFlight.ts';
import { alice, asked, fulfillAll, packetOf, peer, withCode } from '../testing.ts';
import { capacity } from './capacity.ts';
import { maxPacketAmount } from './maxPacketAmount.ts';
import { rateLimit } from './rateLimit.ts';
import { throughput } from './throughput.ts';

const peers = new Map([['there', peer('there', { maxPacketAmountUnits: 500n })]]);
const next = fulfillAll();
const amount = (units: number, rest: object = {}) =>
  packetOf({ prepare: { amount: String(units), ...rest } });

describe('max packet amount', () => {
  const step = asked(maxPacketAmount({ peers }));

  it('takes a packet of exactly the limit', async () => {
    await step(amount(500), next);
  });

  it('refuses one unit more and says both amounts, as RFC 27 wants', async () => {
    await assert.rejects(step(amount(501), next), (error) => {
      assert.ok(error instanceof Errors.AmountTooLargeError);
      assert.equal(error.ilpErrorData.readBigUInt64BE(0), 501n);
      assert.equal(error.ilpErrorData.readBigUInt64BE(8), 500n);
      return true;
    });
  });

  it('has no limit for senders in this ASE', async () => {
    await step(packetOf({ source: alice, prepare: { amount: '1000000' } }), next);
  });
});

describe('rate limit', () => {
  it('takes a second of packets at once, then as many as time allows', async () => {
    let nowMs = 0;
    const step = asked(rateLimit({ peers, packetsPerSecond: 10, monotonicMs: () => nowMs }));
    for (let n = 0; n < 10; n += 1) await step(amount(1), next);
    await assert.rejects(step(amount(1), next), withCode('T05'));
    nowMs += 100;
    await step(amount(1), next);
    await assert.rejects(step(amount(1), next), withCode('T05'));
    nowMs += 1_000_000;
    for (let n = 0; n < 10; n += 1) await step(amount(1), next);
    await assert.rejects(step(amount(1), next), withCode('T05'));
  });
});

describe('throughput', () => {
  it('counts value, and no value for packets that nobody can fulfill', async () => {
    let nowMs = 0;
    const step = asked(throughput({ peers, throughputUnitsPerSecond: 1_000n, monotonicMs: () => nowMs }));
    await step(amount(999), next);
    await assert.rejects(step(amount(2), next), ThroughputExceededError);
    await step(amount(5_000, { executionCondition: Buffer.alloc(32) }), next);
    await step(amount(1), next);
    nowMs += 1;
    await step(amount(1), next);
    await assert.rejects(step(amount(1), next), ThroughputExceededError);
  });
});

describe('capacity', () => {
  it('refuses what comes while too much is under way', async () => {
    const inFlight = createInFlight();
    const step = asked(capacity({ inFlight, packetsInFlight: 1 }));
    inFlight.enter();
    await step(amount(1), next);
    inFlight.enter();
    await assert.rejects(step(amount(1), next), withCode('T03'));
    inFlight.leave();
    await step(amount(1), next);
  });
});
