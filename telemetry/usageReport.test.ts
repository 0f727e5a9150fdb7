import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { COUNT_BUCKETS, countBucket, knownOr, USAGE_SYSTEMS, usageReport } from './usageReport.ts';

const REPORT = {
  format: 1,
  installationId: '9b2c1f0e-7a53-4d7e-9c61-0f6a2b8d4e11',
  version: '0.1.0',
  uptimeHours: 5,
  platform: { system: 'linux', architecture: 'x64', nodeMajor: 24 },
  counts: { paymentsSent: '10-99', paymentsReceived: '0', packets: '100000+', errors: '1-9', peers: '1-9' },
};

test('a count lies in the bucket that names its bounds', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), (count) => {
      const bucket = countBucket(count);
      const [from, to] = bucket.split('-').map((text) => BigInt(text.replace('+', '')));
      assert.ok(count >= from!);
      if (bucket !== '100000+') assert.ok(count <= (to ?? from!));
    }),
  );
  const edges = [-1n, 0n, 1n, 9n, 10n, 99_999n, 100_000n].map(countBucket);
  assert.deepEqual(edges, ['0', '0', '1-9', '1-9', '10-99', '10000-99999', '100000+']);
  assert.equal(new Set(COUNT_BUCKETS).size, COUNT_BUCKETS.length);
});

test('what is not known is other', () => {
  assert.equal(knownOr(USAGE_SYSTEMS, 'darwin'), 'darwin');
  assert.equal(knownOr(USAGE_SYSTEMS, 'plan9'), 'other');
});

test('a report of the form passes, and one with a field more, less or wrong does not', () => {
  assert.ok(usageReport.safeParse(REPORT).success);
  const wrong: object[] = [
    { ...REPORT, walletName: 'alice' },
    { ...REPORT, platform: { ...REPORT.platform, hostname: 'my-laptop' } },
    { ...REPORT, counts: { ...REPORT.counts, packets: '1234' } },
    { ...REPORT, counts: { ...REPORT.counts, amount: '10-99' } },
    { ...REPORT, format: 2 },
    { ...REPORT, version: '1.0.0"} 1\nevil{x="' },
    { ...REPORT, installationId: '00000000-0000-0000-0000-000000000000' },
    { ...REPORT, uptimeHours: 1.5 },
    { ...REPORT, uptimeHours: -1 },
    { ...REPORT, version: undefined },
  ];
  for (const report of wrong)
    assert.equal(usageReport.safeParse(report).success, false, JSON.stringify(report));
});
