import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { pino } from 'pino';
import { until } from '../../../prometheus/testing/program.ts';
import { fixedRate } from './connector/testing.ts';
import { createLedger } from './ledger/ledger.ts';
import type { Ledger } from './ledger/types.ts';
import { openNetwork } from './openNetwork.ts';
import { recordingMetrics } from './payments/testing.ts';
import { defineNetworkTables } from './telemetry/network/outbox.ts';
import type { NetworkSettings } from './telemetry/network/settings.ts';
import { startFakeCollector } from './telemetry/network/testing.ts';

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function books(): Ledger {
  const ledger = createLedger({ file: ':memory:' });
  closing.push(() => ledger.close());
  defineNetworkTables(ledger);
  return ledger;
}

function open(settings: Partial<NetworkSettings>, ledger = books()) {
  const opened = openNetwork({
    settings: {
      enabled: true,
      network: 'testnet',
      instanceName: 'cloud-nine',
      collectorUrls: [],
      exportIntervalMs: 50,
      externalRatesUrl: '',
      privacy: { mechanism: 'unbiased', epsilon: 1, clipUnits: 1_000_000n },
      ...settings,
    },
    ledger,
    rates: fixedRate({ numerator: 1n, denominator: 1n }),
    metrics: recordingMetrics(),
    log: pino({ level: 'silent' }),
    onError() {},
  });
  return { ledger, opened };
}

/** Sockets, timers and all else that is open in this process. */
const openThings = () => process.getActiveResourcesInfo().sort();

test('off: no socket is opened and no timer runs', async () => {
  const there = await startFakeCollector();
  closing.push(() => there.close());
  const before = openThings();
  const { opened } = open({
    enabled: false,
    collectorUrls: [there.url],
    externalRatesUrl: `${there.url}/rates.json`,
  });
  assert.equal(opened, undefined);
  assert.deepEqual(openThings(), before);
  assert.equal(there.connections(), 0);
});

test('closed: what happened last is told, and nothing stays open', async () => {
  const there = await startFakeCollector();
  closing.push(() => there.close());
  const { ledger, opened } = open({ collectorUrls: [there.url], exportIntervalMs: 60_000 });
  const { network, close } = opened!;
  await until('the first is there', async () => there.value('transactions_total') === 0n);
  const asset = { assetCode: 'USD', assetScale: 2 };
  await ledger.commit((tx) => network.note(tx, network.transaction(asset, 5n)));
  await close();
  assert.equal(there.value('transactions_total'), 1n);
  const count = there.received.length;
  await network.tick();
  assert.equal(there.received.length, count, 'the connection is closed for good');
});

test('what the ledger has of it cannot be read: it stays off, and the ASE runs', async () => {
  const ledger = books();
  await ledger.commit((tx) => void tx.sql.run("INSERT INTO network_released (one, state) VALUES (1, '{}')"));
  assert.equal(open({}, ledger).opened, undefined);
});
