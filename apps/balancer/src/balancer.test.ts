import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Balancer, type BalancerOptions, createBalancer } from './balancer.ts';
import { createHealthPage } from './healthPage.ts';
import { readSettings } from './settings.ts';

const HOST = '127.0.0.1';

describe('the balancer', () => {
  test('gives each connection to the next replica', async (t) => {
    const [a, b] = [await replica(t, 'a'), await replica(t, 'b')];
    const { port } = await balance(t, [a, b]);
    const names = [];
    for (let i = 0; i < 4; i++) names.push(await ask(port, ''));
    assert.deepEqual(names, ['a', 'b', 'a', 'b']);
  });

  test('passes every byte in both directions, and the end of each side', async (t) => {
    const [a, b] = [await replica(t, 'a', echo), await replica(t, 'b', echo)];
    const { port, balancer } = await balance(t, [a, b]);
    const bytes = 'ab\0\xff'.repeat(500_000);
    assert.equal((await ask(port, bytes)).length, bytes.length);
    await until(() => balancer.state().connections === 0);
  });

  test('leaves out a replica that refuses connections, without the client noticing', async (t) => {
    const [a, b] = [await replica(t, 'a'), await replica(t, 'b')];
    const { port, lines } = await balance(t, [a, b]);
    a.server.close();
    assert.deepEqual([await ask(port, ''), await ask(port, ''), await ask(port, '')], ['b', 'b', 'b']);
    assert.ok(lines.some((line) => line.startsWith('a is left out: no connection')));
  });

  test('ends the connections to a replica that no longer works, and takes it back later', async (t) => {
    const [a, b] = [await replica(t, 'a', silent), await replica(t, 'b')];
    const { port, balancer } = await balance(t, [a, b]);
    const stuck = connect({ host: HOST, port });
    const ended = once(stuck, 'close');
    await until(() => balancer.state().replicas[0]!.connections === 1);
    a.healthy = false;
    await ended;
    assert.equal(balancer.state().replicas[0]!.why, 'its health check answers 503');
    assert.deepEqual([await ask(port, ''), await ask(port, '')], ['b', 'b']);
    a.healthy = true;
    await until(() => balancer.state().replicas[0]!.healthy);
  });

  test('leaves out a replica whose health check hangs', async (t) => {
    const [a, b] = [await replica(t, 'a'), await replica(t, 'b')];
    const { balancer } = await balance(t, [a, b]);
    a.hangs = true;
    await until(() => balancer.state().replicas[0]!.healthy === false);
    assert.match(balancer.state().replicas[0]!.why!, /does not answer within/);
  });

  test('refuses a connection when no replica works, and says so on its page', async (t) => {
    const [a, b] = [await replica(t, 'a'), await replica(t, 'b')];
    const { port, balancer } = await balance(t, [a, b]);
    a.healthy = b.healthy = false;
    await until(() => !balancer.state().ok);
    assert.equal(await ask(port, ''), '');
    assert.equal(balancer.state().refused, 1);
    const page = createHealthPage(balancer.state).listen(0, HOST);
    t.after(() => page.close());
    await once(page, 'listening');
    const url = `http://${HOST}:${(page.address() as AddressInfo).port}/`;
    assert.equal((await fetch(url)).status, 503);
    a.healthy = true;
    await until(() => balancer.state().ok);
    const answer = await fetch(url);
    assert.equal(answer.status, 200);
    assert.equal(((await answer.json()) as { refused: number }).refused, 1);
    assert.equal((await fetch(url, { method: 'POST' })).status, 405);
  });

  test('refuses what is above its bound, at once', async (t) => {
    const [a, b] = [await replica(t, 'a', silent), await replica(t, 'b', silent)];
    const { port, balancer } = await balance(t, [a, b], { maxConnections: 3, halfOpenTimeoutMs: 50 });
    const open = Array.from({ length: 3 }, () => connect({ host: HOST, port }));
    t.after(() => {
      for (const socket of open) socket.destroy();
    });
    await until(() => balancer.state().accepted === 3);
    const fourth = connect({ host: HOST, port }).on('error', () => {});
    await once(fourth, 'close');
    assert.equal(balancer.state().refused, 1);
    open[0]!.destroy();
    await until(() => balancer.state().connections === 2);
    open.push(connect({ host: HOST, port }));
    await until(() => balancer.state().accepted === 4);
  });

  test('does not wait for ever for the other side of a half-closed connection', async (t) => {
    const [a, b] = [await replica(t, 'a', silent), await replica(t, 'b', silent)];
    const { port, balancer } = await balance(t, [a, b], { halfOpenTimeoutMs: 50 });
    const client = connect({ host: HOST, port }).on('error', () => {});
    client.end('done');
    client.resume();
    await once(client, 'close');
    await until(() => balancer.state().connections === 0 && balancer.state().replicas[0]!.connections === 0);
  });

  test('ends a connection on which nothing moves', async (t) => {
    const [a, b] = [await replica(t, 'a', silent), await replica(t, 'b', silent)];
    const { port } = await balance(t, [a, b], { idleTimeoutMs: 50 });
    const client = connect({ host: HOST, port }).on('error', () => {});
    client.resume();
    await once(client, 'close');
  });

  test('does not wait for ever for a replica that cannot be reached', async (t) => {
    const b = await replica(t, 'b');
    // An address for documentation alone (RFC 5737): nobody answers there.
    const nowhere = { ...b.address, name: 'nowhere', host: '192.0.2.1' };
    const { port } = await balance(t, [{ address: nowhere }, b], { connectTimeoutMs: 50 });
    assert.equal(await ask(port, ''), 'b');
  });

  test('stops gracefully: what is under way ends well, what does not end is ended', async (t) => {
    const [a, b] = [await replica(t, 'a', echo), await replica(t, 'b', silent)];
    const { port, balancer } = await balance(t, [a, b]);
    const first = connect({ host: HOST, port, allowHalfOpen: true });
    const second = connect({ host: HOST, port }).on('error', () => {});
    second.resume();
    await until(() => balancer.state().accepted === 2);
    const stopped = balancer.stop(100);
    await assert.rejects(once(connect({ host: HOST, port }), 'connect'), { code: 'ECONNREFUSED' });
    first.end('last words');
    assert.equal(await text(first), 'last words');
    await Promise.all([stopped, once(second, 'close')]);
  });
});

describe('the settings of the balancer', () => {
  test('have defaults', () => {
    const env = { BALANCER_PORT: '4317', BALANCER_REPLICAS: 'x-1=127.0.0.1:1/2,x-2=collector:3/4' };
    assert.deepEqual(readSettings(env), {
      name: 'balancer',
      host: HOST,
      port: 4317,
      healthPort: 0,
      replicas: [
        { name: 'x-1', host: HOST, port: 1, healthPort: 2 },
        { name: 'x-2', host: 'collector', port: 3, healthPort: 4 },
      ],
      maxConnections: 64,
    });
  });

  test('name every problem at once', () => {
    const env = { BALANCER_PORT: '70000', BALANCER_MAX_CONNECTIONS: '0', BALANCER_REPLICAS: 'x=host:0/1' };
    assert.throws(() => readSettings(env), {
      message: [
        'BALANCER_PORT must be a whole number from 1 to 65535',
        'BALANCER_MAX_CONNECTIONS must be a whole number from 1 to 9999',
        'BALANCER_REPLICAS must name 2 to 16 replicas',
        'BALANCER_REPLICAS: x=host:0/1 is not NAME=HOST:PORT/HEALTH_PORT',
      ].join('\n'),
    });
  });
});

interface TestReplica {
  address: BalancerOptions['replicas'][number];
  server: Server;
  healthy: boolean;
  hangs: boolean;
}

async function replica(
  t: TestContext,
  name: string,
  serve: (socket: Socket, name: string) => void = tellName,
): Promise<TestReplica> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => {}));
    serve(socket, name);
  });
  const health = createHttpServer((_request, response) => {
    if (!made.hangs) response.writeHead(made.healthy ? 200 : 503).end();
  });
  for (const one of [server, health]) {
    one.listen(0, HOST);
    await once(one, 'listening');
  }
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    health.close();
    health.closeAllConnections();
  });
  const made: TestReplica = {
    address: {
      name,
      host: HOST,
      port: (server.address() as AddressInfo).port,
      healthPort: (health.address() as AddressInfo).port,
    },
    server,
    healthy: true,
    hangs: false,
  };
  return made;
}

function tellName(socket: Socket, name: string): void {
  socket.end(name);
  socket.resume();
}

function echo(socket: Socket): void {
  socket.pipe(socket);
}

function silent(socket: Socket): void {
  socket.resume();
}

async function balance(
  t: TestContext,
  replicas: readonly Pick<TestReplica, 'address'>[],
  options: Partial<BalancerOptions> = {},
): Promise<{ balancer: Balancer; port: number; lines: string[] }> {
  const lines: string[] = [];
  const balancer = createBalancer({
    replicas: replicas.map(({ address }) => address),
    maxConnections: 16,
    checks: { everyMs: 10, timeoutMs: 300 },
    log: (_level, message) => void lines.push(message),
    ...options,
  });
  balancer.server.listen(0, HOST);
  await once(balancer.server, 'listening');
  t.after(() => balancer.stop(0));
  return { balancer, port: (balancer.server.address() as AddressInfo).port, lines };
}

/** Sends `bytes`, says that it is done, and gives all that comes back; nothing when it is refused. */
async function ask(port: number, bytes: string): Promise<string> {
  const socket = connect({ host: HOST, port, allowHalfOpen: true });
  socket.end(Buffer.from(bytes, 'latin1'));
  socket.setEncoding('latin1');
  return text(socket).catch(() => '');
}

async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < deadlineMs, 'it never came true');
    await delay(5);
  }
}
