import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeNetwork } from './judgeNetwork.ts';

const row = (sdk: string | null, collector: string | null = sdk, prometheus: string | null = collector) => [
  {
    ase: 'cloud-nine',
    quantity: 'transactions_total',
    labels: { network: 'testnet' },
    sdk,
    collector,
    prometheus,
  },
];

test('what lies between two looks at what was told is right', () => {
  for (const value of ['5', '6', '7']) {
    assert.deepEqual(judgeNetwork(row('5'), row('6', value), row('7')), {
      why: undefined,
      isHopeless: false,
    });
  }
});

test('what is behind or missing may still come', () => {
  assert.match(
    judgeNetwork(row('5'), row('5', '4'), row('5')).why!,
    /is 4 at the network collectors, the ASE told 5/,
  );
  const verdict = judgeNetwork(row('5'), row('5', '5', null), row('5'));
  assert.equal(verdict.isHopeless, false);
  assert.match(verdict.why!, /missing at Prometheus/);
});

test('what is ahead, or shown twice, is wrong for ever', () => {
  assert.deepEqual(judgeNetwork(row('5'), row('5', '50'), row('5')), {
    why: 'transactions_total of cloud-nine is 50 at the network collectors, the ASE told 5',
    isHopeless: true,
  });
  assert.equal(judgeNetwork(row(null, '5'), row(null, '5'), row(null, '5')).isHopeless, true);
});

test('two values in Prometheus are one too many', () => {
  assert.notEqual(judgeNetwork(row('5'), row('5', '5', '5 and 6'), row('5')).why, undefined);
});
