import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { memoryOfGroups, parseGroup, parseMemory } from './processMemory.ts';

const ROLLUP = `55a0c0000000-7ffd3f5f7000 ---p 00000000 00:00 0    [rollup]
Rss:               50124 kB
Pss:               20062 kB
Pss_Dirty:          9000 kB
SwapPss:               0 kB
`;

test('the sums of a process are read in bytes', () => {
  assert.deepEqual(parseMemory(ROLLUP), { rssBytes: 50124 * 1024, pssBytes: 20062 * 1024 });
  assert.throws(() => parseMemory('Rss: 5 kB'), /no Pss/);
});

test('a command with brackets does not hide the process group', () => {
  assert.equal(parseGroup('42 (a) S 9 (x)) S 1 4711 42 0 -1'), 4711);
});

test('a process group counts with all of its processes', { skip: process.platform !== 'linux' }, async () => {
  const script = `require('child_process').spawn(process.execPath, ['-e', 'console.log(0); setInterval(() => {}, 1e9)'],
    { stdio: ['ignore', 'inherit', 'ignore'] }); setInterval(() => {}, 1e9)`;
  const leader = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await once(leader.stdout, 'data');
    const alone = parseMemory(ROLLUP).rssBytes / 2;
    const { rssBytes, pssBytes } = memoryOfGroups([leader.pid!]);
    assert.ok(rssBytes > 2 * alone, 'two Node processes are there');
    assert.ok(pssBytes > 0 && pssBytes < rssBytes, 'they share pages');
    assert.deepEqual(memoryOfGroups([]), { rssBytes: 0, pssBytes: 0 });
  } finally {
    process.kill(-leader.pid!, 'SIGKILL');
  }
});
