import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parser } from '@prometheus-io/lezer-promql';
import { boardUids } from '../boards.ts';
import { boardQueries, type Choice, readBoardQueries } from './boardQueries.ts';

const CHOICE: Choice = {
  ases: ['one', 'two', 'three', 'four', 'five', 'six'],
  assets: ['USD'],
  network: 'testnet',
  sampleSeconds: 1,
};

test('every query of every board is whole, and is PromQL', () => {
  for (const uid of boardUids()) {
    const queries = readBoardQueries(uid, CHOICE);
    assert.ok(queries.length > 0, uid);
    for (const { expr } of queries) {
      assert.doesNotMatch(expr, /\$/, uid);
      parser.parse(expr).iterate({
        enter: ({ type }) => assert.ok(!type.isError, `${uid}: ${expr}`),
      });
    }
  }
});

test('all ASEs are chosen, but of panels that are there once for each only those in view', () => {
  const target = (expr: string) => ({ targets: [{ expr, instant: true }] });
  const queries = boardQueries(
    {
      panels: [
        { title: 'All', ...target('a{instance=~"$instance"}') },
        { title: 'Row', panels: [{ title: '$instance · one', ...target('b{instance=~"$instance"}') }] },
      ],
    },
    CHOICE,
  );
  assert.deepEqual(
    queries.map(({ expr }) => expr),
    [
      'a{instance=~"(one|two|three|four|five|six)"}',
      ...['one', 'two', 'three', 'four'].map((ase) => `b{instance=~"${ase}"}`),
    ],
  );
});

test('no step is shorter than the panel asks for, nor than the ASEs export', () => {
  const panels = [{ title: 'Pace', targets: [{ expr: 'rate(a[$__rate_interval])', interval: '2s' }] }];
  assert.deepEqual(boardQueries({ panels }, CHOICE), [{ expr: 'rate(a[8s])', stepSeconds: 2 }]);
  assert.deepEqual(boardQueries({ panels }, { ...CHOICE, sampleSeconds: 15 }), [
    { expr: 'rate(a[60s])', stepSeconds: 15 },
  ]);
});

test('a variable that nobody knows is no query', () => {
  const panels = [{ title: 'New', targets: [{ expr: 'a{peer=~"$peer"}', instant: true }] }];
  assert.throws(() => boardQueries({ panels }, CHOICE), /no value for \$peer/);
});
