import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { createLogReader } from './merge.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'playground-logs-'));
});
after(() => rmSync(folder, { recursive: true }));

it('reads the whole of a large log in parts', () => {
  const file = path.join(folder, 'large.log');
  const words = 'x'.repeat(1_000);
  const count = 5_000;
  writeFileSync(file, Array.from({ length: count }, (_, n) => line(1, `${n} ${words}`)).join(''));
  const sizes = { tail: createLogReader([{ component: 'a', file }]).read().length, whole: 0 };
  const reader = createLogReader([{ component: 'a', file }], { whole: true });
  for (let lines = reader.read(); lines.length > 0; lines = reader.read()) sizes.whole += lines.length;
  assert.equal(sizes.whole, count);
  assert.ok(sizes.tail < count / 2);
});

const line = (time: number, msg: string) => `${JSON.stringify({ time: time * 1e12, level: 30, msg })}\n`;

it('merges logs by time, then gives what is added, also to one that began anew', () => {
  const [a, b] = ['a', 'b'].map((component) => ({ component, file: path.join(folder, `${component}.log`) }));
  const reader = createLogReader([a!, b!]);
  const texts = () => reader.read().map(({ component, text }) => `${component}:${text}`);
  assert.deepEqual(texts(), []);

  writeFileSync(a!.file, `${line(1, 'one')}without a time\n${line(4, 'four')}`);
  writeFileSync(b!.file, `${line(2, 'two')}${line(3, 'three')}{"time":5`);
  assert.deepEqual(texts(), ['a:one', 'a:without a time', 'b:two', 'b:three', 'a:four']);

  appendFileSync(b!.file, '000000000000,"msg":"five"}\n');
  assert.deepEqual(texts(), ['b:five']);

  renameSync(a!.file, `${a!.file}.1`);
  writeFileSync(a!.file, line(6, 'six'));
  assert.deepEqual(texts(), ['a:six']);
  assert.deepEqual(texts(), []);
});
