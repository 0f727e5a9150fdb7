import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { createLedger } from '../../../apps/ase/src/ledger/ledger.ts';
import type { Ledger } from '../../../apps/ase/src/ledger/types.ts';
import { auditPayments } from '../../../apps/ase/src/payments/auditPayments.ts';
import { eventsBetween } from '../../../apps/ase/src/payments/events.ts';
import { END_ASES, topology } from '../topology.ts';
import { writeBooks } from './books.ts';
import { countersOf } from './counters.ts';
import { moneyOf } from './money.ts';
import { writeOpenMetrics } from './openMetrics.ts';
import { pastPayments, rhythm, STEP_MS } from './plan.ts';

const DAY_MS = 86_400_000;
const UNTIL_MS = 14_583_334 * STEP_MS;
const REQUEST = { days: 3, seed: 7, untilMs: UNTIL_MS, paymentsPerDay: 900 };
const payments = [...pastPayments(REQUEST)];
const ASES = topology(1);
const urlOf = (name: string) => `http://127.0.0.1/${name}`;

describe('a past', () => {
  test('is the same for the same wishes, and another for another seed', () => {
    assert.deepEqual([...pastPayments(REQUEST)], payments);
    const other = [...pastPayments({ ...REQUEST, seed: 8 })];
    assert.equal(other.length, payments.length);
    assert.notDeepEqual(other, payments);
  });

  test('lies in its days, in order, each payment shortly before a sample', () => {
    let last = UNTIL_MS - REQUEST.days * DAY_MS;
    for (const { atMs } of payments) {
      assert.ok(atMs >= last);
      assert.ok((STEP_MS - (atMs % STEP_MS)) % STEP_MS <= 1500, `${atMs % STEP_MS}`);
      last = atMs;
    }
    assert.ok(last <= UNTIL_MS);
  });

  test('never leaves a debt that would have had to be settled', () => {
    let debt = 0n;
    for (const { from, settledUnits } of payments) {
      debt += from === END_ASES[0] ? settledUnits : -settledUnits;
      assert.ok(debt <= 60_000n && debt >= -60_000n);
    }
  });

  test('has the size that was asked for over a week, and less of it at weekends and at night', () => {
    const week = Array.from({ length: 7 * 24 }, (_, hour) => rhythm(UNTIL_MS + hour * 3_600_000));
    const mean = week.reduce((sum, one) => sum + one, 0) / week.length;
    assert.ok(Math.abs(mean - 1) < 0.001, `${mean}`);
    const saturday = Date.UTC(2023, 0, 7);
    const monday = Date.UTC(2023, 0, 9);
    assert.equal(rhythm(saturday + 3_600_000), rhythm(monday + 3_600_000) / 2);
    assert.ok(rhythm(monday + 3 * 3_600_000) < rhythm(monday + 15 * 3_600_000) / 5);
  });
});

test('money of a payment: nothing is made of nothing, and no packet is above the limit', () => {
  fc.assert(
    fc.property(fc.constantFrom(...END_ASES), fc.bigInt({ min: 500n, max: 25_000n }), (sender, debit) => {
      const money = moneyOf(sender, debit);
      assert.equal(money.debitUnits, money.sentUnits + money.feeUnits);
      assert.ok(money.debitUnits <= debit && debit - money.debitUnits <= 2n);
      assert.ok(money.sentUnits > 0n && money.receivedUnits > 0n);
      assert.ok(BigInt(money.packets) * 9000n >= money.sentUnits);
      assert.ok(BigInt(money.packets - 1) * 9000n < money.sentUnits);
    }),
  );
});

describe('the books of a past', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'history-'));
  const ledgers = new Map<string, Ledger>();
  before(async () => {
    for (const ase of ASES) {
      const file = path.join(folder, `${ase.name}.sqlite`);
      await writeBooks(file, { ase, urlOf }, payments);
      ledgers.set(ase.name, createLedger({ file }));
    }
  });
  after(async () => {
    for (const ledger of ledgers.values()) await ledger.close();
    rmSync(folder, { recursive: true });
  });

  for (const ase of ASES) {
    test(`${ase.name}’s own audit finds nothing`, () => {
      const ledger = ledgers.get(ase.name)!;
      assert.deepEqual([...ledger.audit(), ...auditPayments(ledger)], []);
    });

    test(`${ase.name}’s events add up to its totals, in any window`, () => {
      const ledger = ledgers.get(ase.name)!;
      for (const hours of [1, 24, 24 * 40]) {
        const fromMs = UNTIL_MS - hours * 3_600_000;
        const { rows } = eventsBetween(ledger, fromMs, UNTIL_MS);
        const expected = countersOf(
          ase,
          payments.filter(({ atMs }) => atMs > fromMs),
        ).filter(([{ quantity }, value]) => quantity.startsWith('payment') && value > 0n);
        assert.ok(expected.length === 4);
        for (const [{ quantity, labels }, value] of expected) {
          const found = rows.find(
            (row) => row.quantity === quantity && row.labels.direction === labels.direction,
          );
          assert.equal(found?.value, value, `${quantity} ${labels.direction}, ${hours} h`);
        }
      }
    });
  }

  test('what one peer owes is what the other is owed', () => {
    const [nine, life] = END_ASES;
    const balance = (ase: string, peer: string) =>
      ledgers.get(ase)!.read.account(`peer:${peer}`)!.balanceUnits;
    assert.equal(balance(nine, life), -balance(life, nine));
  });
});

test('the samples begin at zero and end at the totals', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'history-'));
  try {
    const file = path.join(folder, 'history.txt');
    const fromMs = UNTIL_MS - REQUEST.days * DAY_MS;
    const samples = await writeOpenMetrics(file, ASES, payments, { fromMs, untilMs: UNTIL_MS });
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.equal(lines.at(-1), '# EOF');
    const values = new Map<string, [at: number, value: number][]>();
    for (const line of lines.filter((one) => !one.startsWith('#'))) {
      const [series = '', value, at] = line.split(' ');
      values.set(series, [...(values.get(series) ?? []), [Number(at), Number(value)]]);
    }
    assert.equal([...values.values()].flat().length, samples);
    for (const ase of ASES) {
      for (const [{ quantity, labels }, total] of countersOf(ase, payments)) {
        const pairs = Object.entries({ job: 'ilp-connector', instance: ase.name, ...labels });
        const series = values.get(`${quantity}{${pairs.map(([k, v]) => `${k}="${v}"`).join(',')}}`)!;
        assert.deepEqual(series[0], [fromMs / 1000, 0]);
        assert.deepEqual(series.at(-1), [UNTIL_MS / 1000, Number(total)]);
        assert.ok(series.every(([, value], i) => i === 0 || value >= series[i - 1]![1]));
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
