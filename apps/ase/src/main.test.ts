import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './ledger/testing.ts';
import { soloEnvironment } from './testSolo.ts';

const { folder, remove } = temporaryFolder();
after(remove);
const ENV = soloEnvironment(folder);

function run(env: Record<string, string>) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    output.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.err += chunk;
  });
  return { child, output, closed: once(child, 'close').then(([code]) => code as number | null) };
}

test('wrong settings: every problem at once, exit 2', async () => {
  const { output, closed } = run({ ...ENV, ASE_PORT: 'x', ASE_ASSET_SCALE: '-1' });
  assert.equal(await closed, 2);
  assert.equal(
    output.err,
    'Settings are wrong:\n  - ASE_PORT: must be a whole number\n  - ASE_ASSET_SCALE: must be a whole number\n',
  );
});

test('a port that is taken: one clear line, exit 1', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { output, closed } = run({ ...ENV, ASE_PORT: String(port) });
  assert.equal(await closed, 1);
  assert.equal(
    output.err,
    `Port ${port} is taken: stop the program that listens there, or give this ASE another ASE_PORT.\n`,
  );
  server.close();
});

test('books that another process has open: one clear line, exit 1; SIGTERM ends the first with exit 0', async () => {
  const first = run(ENV);
  while (!first.output.out.includes('Listening')) await once(first.child.stdout, 'data');
  const second = run(ENV);
  assert.equal(await second.closed, 1);
  assert.equal(second.output.err.trim().split('\n').length, 1, second.output.err);
  first.child.kill('SIGTERM');
  assert.equal(await first.closed, 0);
  assert.equal(first.output.err, '');
});
