import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { MECHANISMS } from '../../../apps/ase/src/telemetry/privacy/mechanism.ts';
import { withGenerated } from './markedTable.ts';
import { rowOf, simulate } from './privacySimulation.ts';
import { pageTable, textTable } from './privacyTable.ts';
import { packetsOf, WORKLOADS } from './privacyWorkloads.ts';

const PAGE = readFileSync(path.join(import.meta.dirname, '../../../docs/privacy.md'), 'utf8');
const DIME = WORKLOADS.find(({ name }) => name === '$0.10 packets')!;

test('docs/privacy.md has the place for the table, and in it every row', () => {
  assert.notEqual(withGenerated(PAGE, 'bench privacy', 'TABLE'), PAGE);
  const lines = PAGE.split('\n');
  for (const { name } of WORKLOADS) {
    for (const mechanism of MECHANISMS) {
      assert.ok(
        lines.some((line) => line.startsWith(`| ${name} | ${mechanism} | `)),
        `no row for ${mechanism}, ${name}: run ./playground bench privacy`,
      );
    }
  }
});

test('a payment is cut into packets that are no larger than allowed', () => {
  assert.deepEqual(packetsOf(250, 100), [100, 100, 50]);
  assert.deepEqual(packetsOf(200, 100), [100, 100]);
  assert.deepEqual(packetsOf(30, 100), [30]);
});

test('a round is the same each time, and off is exact and at once', () => {
  assert.deepEqual(simulate('continual', 1, DIME, 7), simulate('continual', 1, DIME, 7));
  assert.deepEqual(simulate('off', 1, DIME, 7), { packets: 10_000, errorPercent: 0, delayIntervals: 0 });
});

test('a row has mean, spread and standard error of its rounds, and the tables show it', () => {
  const rounds = [1, 3, 5].map((errorPercent) => ({ packets: 10, errorPercent, delayIntervals: 2 }));
  const row = rowOf('rafiki', 1, DIME, rounds);
  assert.equal(row.biasPercent, 3);
  assert.equal(row.spreadPercent, 2);
  assert.equal(row.standardErrorPercent, 1.1547);
  assert.equal(row.delayIntervals, 2);
  assert.match(textTable([row]), /\$0\.10 packets {2}rafiki {5}\+3\.00 %/);
  assert.match(
    pageTable([row]),
    /^\| \$0\.10 packets \| rafiki \| \+3\.00 % \| 1\.15 % \| 2\.00 % \| 2\.0 intervals \|$/m,
  );
  assert.match(pageTable([{ ...row, biasPercent: -80.04 }]), /\| −80 % \|/);
});
