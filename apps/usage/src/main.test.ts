import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parsePrometheusText } from '../../../telemetry/textFormat.ts';
import { temporaryFolder } from '../../ase/src/ledger/testing.ts';
import { reportOf } from './testing.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const { folder, remove } = temporaryFolder();
const running = new Set<ChildProcess>();
after(async () => {
  for (const child of running) child.kill('SIGKILL');
  remove();
});

/** A backend as a process of its own, on a free port. */
async function startBackend(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN], {
    env: { USAGE_PORT: '0', USAGE_DATA_FILE: join(folder, 'usage.sqlite'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const closed = once(child, 'close').then(([code]) => code as number | null);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const url = await new Promise<string>((resolve) => {
    let log = '';
    child.stdout.on('data', (chunk) => {
      log += chunk;
      const found = /(http:\/\/[\d.:]+)\/reports/.exec(log)?.[1];
      if (found) resolve(found);
    });
    void closed.then(() => resolve(''));
  });
  return { child, url, closed, errorText: () => errors };
}

const post = async (url: string, body: string) =>
  (await fetch(`${url}/reports`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }))
    .status;

async function metric(url: string, name: string, label = ''): Promise<number> {
  const samples = parsePrometheusText(await (await fetch(`${url}/metrics`)).text());
  return samples
    .filter((one) => one.name === name && (label === '' || Object.values(one.labels).includes(label)))
    .reduce((sum, { value }) => sum + Number(value), 0);
}

test('what was answered is there after kill -9, and a flood in between takes nothing away', async () => {
  const first = await startBackend({ USAGE_MAX_REPORTS_PER_SECOND: '1' });
  assert.equal(await post(first.url, JSON.stringify(reportOf(1))), 204);
  const flood = await Promise.all(Array.from({ length: 50 }, () => post(first.url, '{"a":')));
  const flooding = flood.filter((status) => status === 429).length;
  assert.ok(flooding > 0);
  assert.equal(await metric(first.url, 'usage_reports_refused_total', 'flooding'), flooding);
  assert.equal(await metric(first.url, 'usage_reports_refused_total'), 50);
  first.child.kill('SIGKILL');
  await first.closed;

  const second = await startBackend();
  assert.equal(await metric(second.url, 'usage_reports_received_total'), 1);
  assert.equal(await post(second.url, JSON.stringify(reportOf(2))), 204);
  assert.equal(await post(second.url, 'x'.repeat(100_000)), 413);
  second.child.kill('SIGTERM');
  assert.equal(await second.closed, 0);
  assert.equal(second.errorText(), '');

  const third = await startBackend();
  assert.equal(await metric(third.url, 'usage_reports_stored'), 2);
  assert.equal(
    await metric(third.url, 'usage_reports_refused_total', 'too_large'),
    1,
    'SIGTERM loses no count',
  );
  third.child.kill('SIGTERM');
  assert.equal(await third.closed, 0);
});

test('bytes that are no HTTP end with their connection, and others are served', async () => {
  const { child, url, closed } = await startBackend();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write('\0\0garbage\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  assert.equal(await post(url, JSON.stringify(reportOf(3))), 204);
  child.kill('SIGTERM');
  assert.equal(await closed, 0);
});

test('wrong settings are exit 2, a database of another process or a taken port is exit 1, in one line each', async () => {
  const wrong = await startBackend({ USAGE_PORT: 'x', USAGE_MAX_REPORTS: '-1' });
  assert.equal(await wrong.closed, 2);
  assert.equal(
    wrong.errorText(),
    'USAGE_PORT: must be a whole number\nUSAGE_MAX_REPORTS: must be a whole number\n',
  );
  const first = await startBackend();
  const second = await startBackend();
  assert.equal(await second.closed, 1);
  assert.match(second.errorText(), /^Cannot open the usage database .*locked\n$/);
  const { port } = new URL(first.url);
  const third = await startBackend({ USAGE_PORT: port, USAGE_DATA_FILE: join(folder, 'other.sqlite') });
  assert.equal(await third.closed, 1);
  assert.match(third.errorText(), /^Port \d+ is taken/);
  first.child.kill('SIGTERM');
  assert.equal(await first.closed, 0);
});
