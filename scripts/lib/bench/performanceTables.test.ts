import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BENCHES } from './benches.ts';
import { figureOf } from './figure.ts';
import { performanceTables } from './performanceTables.ts';
import { type BenchResult, pageWith, readPage, readResults } from './results.ts';

const NAMES = Object.keys(BENCHES);
const RESULT: BenchResult = {
  bench: 'packets',
  surroundings: {
    measuredAt: '2026-11-21T19:35:45.000Z',
    commit: 'e15f4732ab',
    hasChanges: true,
    machine: { cores: 2, processor: null, memoryGib: 24, loadBefore: null, kernel: 'Linux 6.1' },
    versions: { NODE_VERSION: '24.21.0' },
  },
  figures: [
    figureOf({
      name: 'packets',
      unit: 'packets/s',
      goal: 3000,
      ours: [2642, 2084, 2908],
      baseline: [18863, 13682, 26866],
    }),
    {
      ...figureOf({ name: 'lost', unit: 'percent', goal: 5, ours: [2.2, -4.2, 7], baseline: [] }),
      interval: { min: -1.25, max: 3 },
    },
    figureOf({ name: 'time', unit: 'seconds', ours: [0.49], baseline: [] }),
  ],
};

test('the table on the page is what the kept results give', () => {
  const page = readPage();
  assert.equal(page, pageWith(readResults(NAMES), page), 'run ./playground bench --table');
});

test('every kept result is of a bench that there is', () => {
  const results = readResults(NAMES);
  assert.ok(results.length > 0);
  for (const { bench } of results) assert.ok(NAMES.includes(bench), bench);
});

test('a figure stands beside its goal, its baseline and whether it is reached', () => {
  const lines = performanceTables([RESULT]).split('\n');
  assert.deepEqual(lines.slice(2, 5), [
    '| packets | ≥ 3 000 packets/s | 2 642 packets/s (2 084 to 2 908): **not reached** | 18 863 packets/s (13 682 to 26 866) | `bench packets`, 3 rounds |',
    '| lost | ≤ 5 % | 2.2 % (−4.2 to 7), 95 %: −1.25 to 3: reached |  | `bench packets`, 3 rounds |',
    '| time |  | 0.49 s |  | `bench packets`, once |',
  ]);
  assert.equal(
    lines.at(-1),
    '| `bench packets` | 2026-11-21 19:35 | e15f473 and changes | not noted | 2 cores, 24 GiB, Linux 6.1 | 24.21.0 |',
  );
});
