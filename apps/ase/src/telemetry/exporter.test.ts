import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../../../../prometheus/testing/program.ts';
import type { TelemetryError } from './errors.ts';
import { createOperatorTelemetry, type OperatorTelemetry } from './operatorMetrics.ts';

const EXPORT_INTERVAL_MS = 200;
const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function telemetry(endpoint: string, errors: TelemetryError[]): OperatorTelemetry {
  const made = createOperatorTelemetry({
    aseName: 'cloud-nine',
    endpoint,
    exportIntervalMs: EXPORT_INTERVAL_MS,
    ledgerTotals: [],
    assets: ['USD'],
    peers: [{ id: 'happy-life', assetCode: 'USD' }],
    onError: (error) => errors.push(error),
  });
  closing.push(() => made.shutdown());
  return made;
}

function count(made: OperatorTelemetry): void {
  made.metrics.add('payments_total', { direction: 'outgoing', state: 'completed', asset: 'USD' }, 1n);
}

/** A free port with nobody behind it. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Takes every export: an empty gRPC message is a successful answer. */
async function startCollector(port: number): Promise<{ exported: Promise<void> }> {
  const exported = Promise.withResolvers<void>();
  const sessions = new Set<ServerHttp2Session>();
  const server = createHttp2Server().listen(port, '127.0.0.1');
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.resume().on('end', () => {
      stream.end(Buffer.alloc(5));
      exported.resolve();
    });
  });
  await once(server, 'listening');
  closing.push(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { exported: exported.promise };
}

test('a dead collector is told once, and found again by the next export', async () => {
  const port = await deadPort();
  const errors: TelemetryError[] = [];
  const made = telemetry(`http://127.0.0.1:${port}`, errors);
  for (let attempt = 0; attempt < 3; attempt += 1) await made.forceFlush();
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['export_failed'],
  );

  const collector = await startCollector(port);
  const startedAtMs = performance.now();
  await collector.exported;
  // Left alone, gRPC waits at least 800 ms after a first failure, and longer after each.
  assert.ok(performance.now() - startedAtMs < 4 * EXPORT_INTERVAL_MS);
});

test('memory does not grow while the collector is dead', async () => {
  const made = telemetry(`http://127.0.0.1:${await deadPort()}`, []);
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const heapAfter = async (exports: number) => {
    for (let done = 0; done < exports; done += 1) {
      count(made);
      await made.forceFlush();
    }
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(200);
  await heapAfter(800);
  // A channel that was thrown away is let go when its waiting timer ends, after about a second.
  await until('the heap is as it was', async () => (await heapAfter(1)) < before + 2_000_000, 60_000);
});

test('a collector that takes the connection and never answers delays nothing', async () => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const errors: TelemetryError[] = [];
  const made = telemetry(`http://127.0.0.1:${port}`, errors);

  // Each ends by its deadline: none by an answer.
  for (let round = 0; round < 5; round += 1) {
    count(made);
    await made.forceFlush();
  }
  assert.match(await made.renderMetricsText(), /payments_total\{.*state="completed"\} 5\n/);
  assert.ok(sockets.size <= 1, `${sockets.size} connections`);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['export_failed'],
  );
});
