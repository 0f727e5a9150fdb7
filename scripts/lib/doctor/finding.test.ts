import assert from 'node:assert/strict';
import { it } from 'node:test';
import { diagnose, together } from './finding.ts';

const trouble = (why: string) => ({ why, fix: `mend ${why}` });

it('names the first broken hop, and keeps the evidence of all', () => {
  const diagnosis = diagnose([
    { name: 'ledger', evidence: ['books'] },
    { name: 'collector', evidence: ['queue 3'], trouble: trouble('frozen') },
    { name: 'panel', evidence: [], trouble: trouble('empty') },
  ]);
  assert.deepEqual(diagnosis, {
    ok: false,
    hops: [
      { name: 'ledger', ok: true, evidence: 'books' },
      { name: 'collector', ok: false, evidence: 'frozen; queue 3' },
      { name: 'panel', ok: false, evidence: 'empty' },
    ],
    firstBroken: 'collector',
    why: 'frozen',
    fix: 'mend frozen',
  });
});

it('is well when every hop is', () => {
  const { ok, firstBroken, why, fix } = diagnose([{ name: 'ledger', evidence: ['books'] }]);
  assert.deepEqual([ok, firstBroken, why, fix], [true, null, null, null]);
});

it('takes parts together: all evidence, the first trouble', () => {
  assert.deepEqual(
    together([
      { evidence: ['a'] },
      { evidence: ['b'], trouble: trouble('x') },
      { evidence: [], trouble: trouble('y') },
    ]),
    { evidence: ['a', 'b'], trouble: trouble('x') },
  );
  assert.deepEqual(together([{ evidence: ['a'] }]), { evidence: ['a'] });
});
