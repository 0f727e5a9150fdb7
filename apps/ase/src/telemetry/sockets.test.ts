import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { observeSockets } from './sockets.ts';

/** Adds up what is told, by name and labels. */
function collected() {
  const totals = new Map<string, number>();
  const add = (name: string, labels: object, by: bigint | number) => {
    const key = [name, ...Object.values(labels)].join(' ');
    totals.set(key, (totals.get(key) ?? 0) + Number(by));
  };
  return {
    metrics: { add, change: add },
    of: (...parts: string[]) => totals.get(parts.join(' ')) ?? 0,
  };
}

const BYTES = 'process_network_io_bytes_total';
const CONNECTIONS = 'process_network_connections_total';
const OPEN = 'process_network_open_connections';

async function listening(onSocket: (socket: Socket) => void) {
  const server = createServer(onSocket).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

test('each byte and connection is counted once at either end', async () => {
  const { metrics, of } = collected();
  const sockets = observeSockets(metrics);
  const { server, port } = await listening((socket) => socket.on('data', () => socket.end('12345')));
  try {
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    assert.equal(of(OPEN, 'client'), 1);
    client.write('123');
    client.resume();
    await once(client, 'close');
    while (of(OPEN, 'server') > 0) await new Promise(setImmediate);
    assert.equal(of(BYTES, 'transmit', 'client'), 3);
    assert.equal(of(BYTES, 'receive', 'server'), 3);
    assert.equal(of(BYTES, 'transmit', 'server'), 5);
    assert.equal(of(BYTES, 'receive', 'client'), 5);
    assert.equal(of(CONNECTIONS, 'client', 'established'), 1);
    assert.equal(of(CONNECTIONS, 'server', 'accepted'), 1);
    assert.equal(of(CONNECTIONS, 'client', 'failed'), 0);
    assert.equal(of(OPEN, 'client'), 0);
  } finally {
    sockets.stop();
    server.close();
  }
});

test('bytes of a connection that stays open are counted as they come', async () => {
  const { metrics, of } = collected();
  const sockets = observeSockets(metrics);
  const { server, port } = await listening((socket) => socket.resume());
  const client = connect(port, '127.0.0.1');
  try {
    client.write('1234567');
    while (of(BYTES, 'receive', 'server') < 7) await new Promise(setImmediate);
    assert.equal(of(OPEN, 'server'), 1);
  } finally {
    client.destroy();
    sockets.stop();
    server.close();
  }
});

test('a connection that nobody takes has failed, one over the limit is refused', async () => {
  const { metrics, of } = collected();
  const sockets = observeSockets(metrics);
  const { server, port } = await listening(() => {});
  server.close();
  await once(server, 'close');
  const client = connect(port, '127.0.0.1').on('error', () => {});
  await new Promise((resolve) => client.on('close', resolve));
  assert.equal(of(CONNECTIONS, 'client', 'failed'), 1);
  assert.equal(of(CONNECTIONS, 'client', 'established'), 0);
  assert.equal(of(OPEN, 'client'), 0);
  sockets.refused();
  assert.equal(of(CONNECTIONS, 'server', 'refused'), 1);
  sockets.stop();
});

test('after the stop nothing more is counted', async () => {
  const { metrics, of } = collected();
  observeSockets(metrics).stop();
  const { server, port } = await listening((socket) => socket.end());
  const client = connect(port, '127.0.0.1').resume();
  await once(client, 'close');
  server.close();
  assert.equal(of(CONNECTIONS, 'client', 'established'), 0);
  assert.equal(of(CONNECTIONS, 'server', 'accepted'), 0);
});
