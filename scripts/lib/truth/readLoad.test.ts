import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinLoad } from './readLoad.ts';

const LABELS = { direction: 'outgoing', state: 'completed' };
const count = (value: string, labels: Record<string, string> = LABELS) => [
  { ase: 'cloud-nine', quantity: 'k6_load_payments_total', labels, value },
];
const ALL = { ledger: count('7'), sdk: count('7'), collector: count('7'), prometheus: count('7') };

test('equal everywhere is equal', () => {
  assert.deepEqual(
    joinLoad(ALL).map(({ equal, ledger }) => ({ equal, ledger })),
    [{ equal: true, ledger: '7' }],
  );
});

for (const place of ['ledger', 'sdk', 'collector', 'prometheus'] as const) {
  test(`one more or less in ${place} is not equal`, () => {
    for (const value of ['6', '8'])
      assert.equal(joinLoad({ ...ALL, [place]: count(value) })[0]!.equal, false);
  });
}

test('what is lost is not equal, but of a collector that has forgotten everything', () => {
  assert.equal(joinLoad({ ...ALL, prometheus: [] })[0]!.equal, false);
  assert.equal(joinLoad({ ...ALL, ledger: [] })[0]!.equal, false);
  assert.equal(joinLoad({ ...ALL, collector: [] })[0]!.equal, true);
});

test('the parts of a run are added up, and none of something may be missing', () => {
  const parts = [...count('3'), ...count('4')];
  assert.equal(joinLoad({ ...ALL, collector: parts, prometheus: parts })[0]!.equal, true);
  const none = count('0', { direction: 'outgoing', state: 'failed' });
  const rows = joinLoad({ ...ALL, sdk: [...ALL.sdk, ...none] });
  assert.deepEqual(
    rows.map(({ equal }) => equal),
    [true, true],
  );
});
