import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import express from 'express';
import { createHttpMetrics } from './httpMetrics.ts';
import type { OperatorMetrics } from './instruments.ts';

describe('HTTP metrics', () => {
  let active = 0;
  let mostActive = 0;
  let recorded = Promise.withResolvers<Record<string, string>>();
  let sizes: [string, number][] = [];
  let slow = Promise.withResolvers<void>();
  const metrics: OperatorMetrics = {
    add() {},
    observe() {},
    change(_name, _labels, by) {
      active += by;
      mostActive = Math.max(mostActive, active);
    },
    record(name, labels, value) {
      if (name !== 'http_server_request_duration_seconds') {
        sizes.push([name, value]);
        return;
      }
      sizes = [];
      assert.ok(value >= 0 && value < 60);
      recorded.resolve(labels);
    },
  };
  const app = express();
  app.use(createHttpMetrics(metrics).handler);
  app.get('/quotes/:id', (_request, response) => void response.send('a quote'));
  app.use(
    '/admin',
    express.Router().get('/peers/:peer', (_request, response) => void response.send('a peer')),
  );
  app.post('/echo', (request, response) => void request.resume().on('end', () => response.send('7 bytes')));
  app.post('/refused', (_request, response) => void response.status(413).send('no'));
  app.get('/slow', () => void slow.resolve());
  app.get('/broken', () => {
    throw new Error('broken');
  });
  app.use(
    ((_error, _request, response, _next) => void response.status(500).end()) as express.ErrorRequestHandler,
  );
  const server = app.listen(0, '127.0.0.1');
  let port: number;

  before(async () => {
    if (!server.listening) await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    recorded = Promise.withResolvers();
    slow = Promise.withResolvers();
  });
  after(() => server.close());

  /** Sends one raw request and gives what the metrics say of it. */
  function send(method: string, path: string, ...rest: string[]): Promise<Record<string, string>> {
    const socket = connect(port, '127.0.0.1');
    const lines = [`${method} ${path} HTTP/1.1`, 'Host: x', 'Connection: close', ...rest];
    socket.end(rest.length > 0 ? lines.join('\r\n') : `${lines.join('\r\n')}\r\n\r\n`);
    socket.resume();
    return recorded.promise;
  }

  const row = (http_request_method: string, http_route: string, http_response_status_code: string) => ({
    http_request_method,
    http_route,
    http_response_status_code,
  });

  test('the route is the pattern, not the path', async () => {
    assert.deepEqual(await send('GET', '/quotes/6f9a?x=1'), row('GET', '/quotes/:id', '200'));
  });
  test('a mounted router gives the whole pattern', async () => {
    assert.deepEqual(await send('GET', '/admin/peers/7'), row('GET', '/admin/peers/:peer', '200'));
  });
  test('what no route takes has one fixed route', async () => {
    assert.deepEqual(await send('POST', '/quotes/../etc/passwd'), row('POST', '_unmatched', '404'));
  });
  test('an unusual method has one fixed name', async () => {
    assert.deepEqual(await send('PROPFIND', '/any'), row('_OTHER', '_unmatched', '404'));
  });
  test('a failed handler is a 500 of its route', async () => {
    assert.deepEqual(await send('GET', '/broken'), row('GET', '/broken', '500'));
  });
  test('bodies are measured as they came and went', async () => {
    await send('POST', '/echo', 'Content-Length: 5', '', '12345');
    assert.deepEqual(sizes, [
      ['http_server_request_body_size_bytes', 5],
      ['http_server_response_body_size_bytes', 7],
    ]);
  });
  test('an answer without a body has none, whatever length it tells', async () => {
    await send('HEAD', '/quotes/1');
    assert.deepEqual(sizes, [
      ['http_server_request_body_size_bytes', 0],
      ['http_server_response_body_size_bytes', 0],
    ]);
  });
  test('a length that is only claimed is no measurement', async () => {
    await send('POST', '/refused', 'Content-Length: 5000000', '', '1');
    assert.deepEqual(sizes, [['http_server_response_body_size_bytes', 2]]);
  });
  test('nor is that of a body in chunks', async () => {
    await send('POST', '/echo', 'Transfer-Encoding: chunked', '', '3', 'abc', '0', '', '');
    assert.deepEqual(sizes, [['http_server_response_body_size_bytes', 7]]);
  });
  test('a client that goes away is counted too', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await slow.promise;
    assert.equal(active, 1);
    socket.destroy();
    assert.deepEqual(await recorded.promise, row('GET', '/slow', '499'));
  });
  test('nothing stays active', () => {
    assert.equal(active, 0);
    assert.ok(mostActive >= 1);
  });
});
