import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { networkSettings, networkVariables } from './settings.ts';

const shape = z.object(networkVariables);
const ASE = { name: 'cloud-nine', peers: [{ maxPacketAmountUnits: 10_000n, assetScale: 2 }] };
const settings = (env: Record<string, string> = {}, ase = ASE) => networkSettings(shape.parse(env), ase);

test('on where no real money moves, off on the livenet until somebody opts in, off when somebody opts out', () => {
  assert.deepEqual(
    [
      {},
      { LIVENET: 'true' },
      { LIVENET: 'true', ENABLE_TELEMETRY: 'true' },
      { ENABLE_TELEMETRY: 'false' },
    ].map((env) => {
      const { enabled, network } = settings(env as Record<string, string>);
      return [enabled, network];
    }),
    [
      [true, 'testnet'],
      [false, 'livenet'],
      [true, 'livenet'],
      [false, 'testnet'],
    ],
  );
});

test('needs nothing and fills in the rest', () => {
  assert.deepEqual(settings(), {
    enabled: true,
    network: 'testnet',
    instanceName: 'cloud-nine',
    collectorUrls: [],
    exportIntervalMs: 15_000,
    externalRatesUrl: '',
    privacy: { mechanism: 'unbiased', epsilon: 1, clipUnits: 1_250_000n },
  });
});

test("takes a Rafiki's own environment", () => {
  const { instanceName, collectorUrls, exportIntervalMs } = settings({
    ENABLE_TELEMETRY: 'true',
    LIVENET: 'false',
    INSTANCE_NAME: 'Cloud Nine Wallet',
    OPEN_TELEMETRY_COLLECTOR_URLS: 'http://one:4317, http://two:4317',
    OPEN_TELEMETRY_EXPORT_INTERVAL: '5000',
    TELEMETRY_EXCHANGE_RATES_URL: 'https://rates.example/exchange-rates-usd.json',
  });
  assert.equal(instanceName, 'Cloud Nine Wallet');
  assert.deepEqual(collectorUrls, ['http://one:4317', 'http://two:4317']);
  assert.equal(exportIntervalMs, 5_000);
});

test('names every bad setting at once', () => {
  const bad = {
    ENABLE_TELEMETRY: 'yes',
    LIVENET: '1',
    INSTANCE_NAME: 'a"b',
    OPEN_TELEMETRY_COLLECTOR_URLS: 'http://one:4317,two:4317',
    OPEN_TELEMETRY_EXPORT_INTERVAL: '0',
    TELEMETRY_EXCHANGE_RATES_URL: 'rates.json',
    NETWORK_PRIVACY_MECHANISM: 'none',
    NETWORK_PRIVACY_EPSILON: '0',
    NETWORK_PRIVACY_CLIP_UNITS: '-5',
  };
  const { error } = shape.safeParse(bad);
  assert.deepEqual([...new Set(error?.issues.map(({ path }) => path[0]))].sort(), Object.keys(bad).sort());
});

for (const epsilon of [
  '0',
  '0.000',
  '-1',
  'NaN',
  'Infinity',
  '1e2',
  '100.001',
  '101',
  '0.0001',
  ' 1',
  '1,5',
]) {
  test(`ε of ${JSON.stringify(epsilon)} is refused`, () => {
    const { error } = shape.safeParse({ NETWORK_PRIVACY_EPSILON: epsilon });
    assert.match(error?.issues[0]?.message ?? '', /must be a decimal from 0.001 to 100/);
  });
}

test('the clip fits the largest packet of any peer in dollars, and follows no rate', () => {
  const clip = (peers: typeof ASE.peers) => settings({}, { name: 'a', peers }).privacy.clipUnits;
  assert.equal(clip([]), 1_000_000n);
  assert.equal(
    clip([
      { maxPacketAmountUnits: 5n, assetScale: 0 },
      { maxPacketAmountUnits: 10n ** 9n, assetScale: 9 },
    ]),
    62_500n,
  );
  assert.equal(clip([{ maxPacketAmountUnits: 10n ** 18n, assetScale: 0 }]), 10_000_000_000n);
});
