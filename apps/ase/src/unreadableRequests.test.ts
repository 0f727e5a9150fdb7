import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, test } from 'node:test';
import { answerUnreadable } from './unreadableRequests.ts';

const closing: Array<() => unknown> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Everything that a server answers to these bytes, and what it counted; `counts: false` is Node by itself. */
async function answerTo(
  bytes: string,
  {
    counts = true,
    listener = (_request, response) => void response.end('fine'),
  }: {
    counts?: boolean;
    listener?: RequestListener;
  } = {},
): Promise<{ answer: string; counted: number[] }> {
  const counted: number[] = [];
  const server = createServer({ maxHeaderSize: 1_024, connectionsCheckingInterval: 20 }, listener);
  server.maxHeadersCount = 10;
  server.headersTimeout = 100;
  server.requestTimeout = 200;
  if (counts) answerUnreadable(server, (status) => void counted.push(status));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close().closeAllConnections());
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // What the server does not read is reset when it closes.
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return { answer: Buffer.concat(chunks).toString(), counted };
}

const HOST = 'Host: here\r\n';
for (const [what, bytes, status] of [
  ['too many headers', `GET / HTTP/1.1\r\n${HOST}${'x: y\r\n'.repeat(10)}\r\n`, 431],
  ['too large headers', `GET / HTTP/1.1\r\n${HOST}x: ${'x'.repeat(2_000)}\r\n\r\n`, 431],
  ['what is no HTTP', 'hello\r\n\r\n', 400],
  ['headers that do not end', `GET / HTTP/1.1\r\n${HOST}`, 408],
] as const) {
  test(`answers ${what} with ${status}, as Node does, and counts it`, async () => {
    const { answer, counted } = await answerTo(bytes);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.deepEqual(counted, [status]);
    assert.equal(answer, (await answerTo(bytes, { counts: false })).answer);
  });
}

test('what can be read is none of its business, nor is a body that makes no sense behind an answer', async () => {
  const request = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nno length\r\n`;
  const early: RequestListener = (_request, response) => {
    response.flushHeaders();
  };
  const { answer, counted } = await answerTo(request, { listener: early });
  assert.match(answer, /^HTTP\/1\.1 200 OK/);
  assert.doesNotMatch(answer, /400/);
  assert.deepEqual(counted, []);
});
