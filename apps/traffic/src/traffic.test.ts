import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createHttpJson } from './httpJson.ts';
import { startFakeAse } from './testing.ts';
import { runTraffic } from './traffic.ts';

const FAST_MS = 10;

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'the condition was never met');
    await delay(5);
  }
}

it('begins with a payment of each route, however long the pauses are', async () => {
  const [left, right] = [await startFakeAse(), await startFakeAse()];
  const stop = new AbortController();
  const http = createHttpJson();
  const ended = runTraffic({
    ases: [
      { name: 'left', url: left.url, publicUrl: left.url },
      { name: 'right', url: right.url, publicUrl: right.url },
    ],
    wallets: ['alice'],
    adminToken: 'x'.repeat(16),
    intervalMs: 600_000,
    heartbeatFile: undefined,
    http,
    signal: stop.signal,
    seed: 1,
    log: () => {},
  });
  try {
    const hasPaid = (ase: typeof left) => ase.paths('POST').includes('/outgoing-payments');
    await until(() => hasPaid(left) && hasPaid(right));
  } finally {
    stop.abort();
    await ended;
    http.close();
    await Promise.all([left.stop(), right.stop()]);
  }
});

it('pays to and fro, rests during a lease, and goes on after an ASE was away', async () => {
  let away = false;
  const left = await startFakeAse(() => (away ? 'hang up' : undefined));
  const right = await startFakeAse();
  const stop = new AbortController();
  const http = createHttpJson();
  const lines: Record<string, unknown>[] = [];
  const ases = [
    { name: 'left', url: left.url, publicUrl: left.url },
    { name: 'right', url: right.url, publicUrl: right.url },
  ];
  const ended = runTraffic({
    ases,
    wallets: ['alice'],
    adminToken: 'x'.repeat(16),
    intervalMs: FAST_MS,
    heartbeatFile: undefined,
    http,
    signal: stop.signal,
    seed: 1,
    log: (level, msg, fields) => lines.push({ level, msg, ...fields }),
  });
  const payments = (ase: typeof left) =>
    ase.paths('POST').filter((path) => path === '/outgoing-payments').length;
  const looks = () => right.paths('GET').filter((path) => path === '/admin/traffic').length;
  try {
    await until(() => payments(left) >= 2 && payments(right) >= 2);

    right.pause(Date.now() + 60_000);
    // The payment that was under way may still end; after two more looks at the lease none can begin.
    const before = looks();
    await until(() => looks() >= before + 2);
    const resting = [payments(left), payments(right)];
    const later = looks();
    await until(() => looks() >= later + 3);
    assert.deepEqual([payments(left), payments(right)], resting);
    right.pause(0);
    await until(() => payments(left) > resting[0]!);

    away = true;
    await until(() => lines.some(({ msg }) => msg === 'cannot pay, trying on'));
    away = false;
    await until(() => lines.some(({ msg }) => msg === 'payments flow again'));
  } finally {
    stop.abort();
    await ended;
    http.close();
    await Promise.all([left.stop(), right.stop()]);
  }
});
