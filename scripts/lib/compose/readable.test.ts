import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../tools/testing/folders.ts';
import { unreadableForOthers } from './readable.ts';

test('finds what only its owner may read, files and folders, however deep', (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const at = (...words: string[]) => path.join(folder, ...words);
  for (const name of ['open', 'closed']) mkdirSync(at(name), { mode: 0o755 });
  for (const file of [at('plain'), at('open', 'secret'), at('closed', 'file')]) writeFileSync(file, '');
  chmodSync(at('plain'), 0o644);
  chmodSync(at('open', 'secret'), 0o600);
  chmodSync(at('closed'), 0o700);
  assert.deepEqual(unreadableForOthers([at('plain')]), []);
  assert.deepEqual(unreadableForOthers([folder]).sort(), [at('closed'), at('open', 'secret')]);
  assert.deepEqual(unreadableForOthers([at('nowhere')]), []);
});
