import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EUR, FULFILL, fulfillAll, openReceiver, packetOf, peer, withCode } from '../testing.ts';
import { createWaiting } from '../waiting.ts';
import { expiry, MAX_HOLD_MS, MESSAGE_WINDOW_MS } from './expiry.ts';

const NOW_MS = Date.parse('2030-01-01T00:00:00Z');
const step = expiry({ now: () => NOW_MS, atMost: createWaiting().atMost });
const toPeer = { kind: 'peer', peer: peer('next') } as const;
const local = openReceiver('test.here', EUR).resolve('test.here.bob')!;
const toLocal = { kind: 'local', local } as const;
const expiring = (inMs: number, destination: typeof toPeer | typeof toLocal) =>
  packetOf({ prepare: { expiresAt: new Date(NOW_MS + inMs) }, destination });

async function onwardMs(inMs: number): Promise<number> {
  const next = fulfillAll();
  await step(expiring(inMs, toPeer), next);
  return next.seen[0]!.prepare.expiresAt.getTime() - NOW_MS;
}

describe('expiry', () => {
  it('refuses what has expired', async () => {
    await assert.rejects(step(expiring(0, toPeer), fulfillAll()), withCode('R00'));
    await assert.rejects(step(expiring(-1, toLocal), fulfillAll()), withCode('R00'));
  });

  it('gives the next hop a second less', async () => {
    assert.equal(await onwardMs(10_000), 10_000 - MESSAGE_WINDOW_MS);
  });

  it('refuses what leaves the next hop too little time', async () => {
    assert.equal(await onwardMs(1_500), 500);
    await assert.rejects(step(expiring(1_499, toPeer), fulfillAll()), withCode('R02'));
  });

  it('holds no money for longer than its own limit, whatever the packet says', async () => {
    assert.equal(await onwardMs(1_000_000_000), MAX_HOLD_MS - MESSAGE_WINDOW_MS);
  });

  it('ends a receiver in this ASE that takes too long', async () => {
    await assert.rejects(
      step(expiring(20, toLocal), () => new Promise(() => {})),
      withCode('R00'),
    );
    assert.equal(await step(expiring(20, toLocal), async () => FULFILL), FULFILL);
  });
});
