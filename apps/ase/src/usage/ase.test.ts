import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createUsageApp } from '../../../usage/src/app.ts';
import { openDatabase } from '../../../usage/src/database.ts';
import { createUsageStore } from '../../../usage/src/store.ts';
import { LIMITS } from '../../../usage/src/testing.ts';
import { temporaryFolder } from '../ledger/testing.ts';
import { createTestNetwork } from '../testNetwork.ts';

async function reportsUrl(server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/reports`;
}

test('real ASEs report to the real backend, each as an installation of its own', async () => {
  const { folder, remove } = temporaryFolder();
  const store = createUsageStore(openDatabase(join(folder, 'usage.sqlite')), {
    limits: LIMITS,
    ownVersion: '0.1.0',
    nowMs: Date.now,
  });
  const app = createUsageApp({ store, mayCome: () => true, nowMs: Date.now, log: () => {} });
  const server = createServer((request, response) => {
    response.once('finish', () => server.emit('answered'));
    app(request, response);
  });
  const url = await reportsUrl(server);
  const network = await createTestNetwork(1, {
    USAGE_REPORT_URL: url,
    USAGE_REPORT_FIRST_DELAY_SECONDS: '0',
  });
  try {
    await network.start('cloud-nine');
    await network.start('happy-life');
    while (store.totals().stored < 2) await once(server, 'answered');
    assert.equal(store.totals().installations.get(1), 2);
    assert.equal(
      Object.values(store.totals().refused).reduce((a, b) => a + b),
      0,
    );
    const usage = async () =>
      (await network.admin('cloud-nine', '/admin/usage')) as unknown as {
        nextAt: string;
        last: object | null;
      };
    while ((await usage()).last === null);
    await network.kill('cloud-nine');
    await network.start('cloud-nine');
    assert.ok(
      Date.parse((await usage()).nextAt) > Date.now() + 80_000_000,
      'a restart is no reason to report',
    );
  } finally {
    await network.close();
    server.close();
    server.closeAllConnections();
    store.close();
    remove();
  }
});

test('a backend that takes the connection and never answers hinders neither a start nor a stop', async () => {
  const silent = createTcpServer();
  const url = await reportsUrl(silent);
  const network = await createTestNetwork(1, {
    USAGE_REPORT_URL: url,
    USAGE_REPORT_FIRST_DELAY_SECONDS: '0',
  });
  try {
    const asked = once(silent, 'connection');
    await network.start('cloud-nine');
    const [socket] = await asked;
    socket.on('error', () => {});
    assert.equal((await network.request('cloud-nine', 'GET', '/health')).status, 200);
    const closed = once(socket, 'close');
    socket.resume();
    await network.kill('cloud-nine');
    await closed;
  } finally {
    await network.close();
    silent.close();
  }
});
