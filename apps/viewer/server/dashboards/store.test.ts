import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { parseBoard, slugOf } from './board.ts';
import { createDashboardStore } from './store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boards-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (file: string, board: unknown) =>
  writeFile(join(folder, file), typeof board === 'string' ? board : JSON.stringify(board));

test('reads boards, with the folder they lie in', async () => {
  await write('a.json', { uid: 'a', title: 'Ä board', tags: ['x'] });
  await mkdir(join(folder, 'Lab'));
  await write('Lab/b.json', { uid: 'b', title: 'B' });
  await write('notes.txt', 'no board');
  const { boards, broken } = await createDashboardStore(folder).read();
  assert.deepEqual(
    boards.map(({ uid, folder, url }) => [uid, folder.title, url]),
    [
      ['a', 'Interledger', '/d/a/a-board'],
      ['b', 'Lab', '/d/b/b'],
    ],
  );
  assert.deepEqual(broken, []);
});

test('a file that cannot be used is named, the others stay', async () => {
  await write('1.json', { uid: 'same', title: 'First' });
  await write('2.json', { uid: 'same', title: 'Second' });
  await write('3.json', '{"uid": ');
  await write('4.json', { uid: 'no good', title: '' });
  await write('5.json', '[]');
  const { boards, broken } = await createDashboardStore(folder).read();
  assert.deepEqual(
    boards.map(({ title }) => title),
    ['First'],
  );
  assert.deepEqual(
    broken.map(({ file }) => file),
    ['2.json', '3.json', '4.json', '5.json'],
  );
  assert.match(broken[2]!.problem, /uid: must be 1 to 40.*title: must not be empty/);
});

test('sees changed, new and deleted files', async () => {
  const store = createDashboardStore(folder);
  await write('a.json', { uid: 'a', title: 'Before' });
  assert.equal((await store.read()).boards[0]?.title, 'Before');
  await write('a.json', { uid: 'a', title: 'Afterwards' });
  await write('b.json', { uid: 'b', title: 'New' });
  assert.deepEqual(
    (await store.read()).boards.map(({ title }) => title),
    ['Afterwards', 'New'],
  );
  await rm(join(folder, 'a.json'));
  assert.deepEqual(
    (await store.read()).boards.map(({ title }) => title),
    ['New'],
  );
});

test('a folder that is not there is a problem, not an end', async () => {
  const { boards, broken } = await createDashboardStore(join(folder, 'none')).read();
  assert.deepEqual(boards, []);
  assert.match(broken[0]!.problem, /cannot be read \(ENOENT\)/);
});

test('no text makes it fail, and every slug fits into a URL', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const result = parseBoard(text, 'x.json');
      assert.ok('board' in result || result.problem.length > 0);
    }),
  );
  fc.assert(fc.property(fc.string(), (title) => assert.match(slugOf(title), /^[a-z0-9]+(-[a-z0-9]+)*$/)));
});
