import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createLog } from './logLine.ts';

it('a log line is one line of JSON with the fields of every program, whatever the words are', () => {
  const lines: string[] = [];
  const log = createLog(
    'rates',
    (line) => lines.push(line),
    () => 1_700_000_000_000,
  );
  log('warn', 'two\nlines and a "quote"', { source: 'b', correlationId: 'an id' });
  assert.deepEqual(lines.join('').split('\n').slice(1), ['']);
  const line = JSON.parse(lines[0]!);
  assert.deepEqual(Object.keys(line), [
    'level',
    'time',
    'nodeId',
    'component',
    'source',
    'correlationId',
    'msg',
  ]);
  assert.deepEqual(line, {
    level: 'warn',
    time: 1_700_000_000_000,
    nodeId: 'rates',
    component: 'rates',
    source: 'b',
    correlationId: 'an id',
    msg: 'two\nlines and a "quote"',
  });
});
