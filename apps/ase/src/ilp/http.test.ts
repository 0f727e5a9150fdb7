import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import express from 'express';
import { deserializeIlpReply, serializeIlpPrepare, serializeIlpReply } from 'ilp-packet';
import { CORRELATION_HEADER } from '../connector/correlation.ts';
import { type LinkError, NotRunningError } from '../connector/errors.ts';
import { codeOf, FULFILL, peer, prepareOf, startConnector, totalsOf } from '../connector/testing.ts';
import type { PacketSource, PeerLink } from '../connector/types.ts';
import { createIlpHandler, type IlpHandlerOptions } from './handler.ts';
import { createPeerLink } from './peerLink.ts';

const there = peer('there');
const TOKEN = 'a-token-of-there';
const OCTETS = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/octet-stream' };

const closers: Array<() => unknown> = [];
after(async () => {
  for (const close of closers) await close();
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ilp`;
}

async function serve(
  connector: IlpHandlerOptions['connector'],
  rest: Partial<IlpHandlerOptions> = {},
): Promise<string> {
  const app = express();
  app.post('/ilp', createIlpHandler({ connector, peers: [{ peer: there, token: TOKEN }], ...rest }));
  const server = createServer(app);
  closers.push(() => server.closeAllConnections());
  return listen(server);
}

function link(url: string, token = TOKEN): PeerLink {
  const created = createPeerLink({ url, token });
  closers.push(() => created.close());
  return created;
}

const post = (url: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = OCTETS) =>
  fetch(url, { method: 'POST', headers, body });

describe('ILP over HTTP', () => {
  it('carries a Prepare there and its reply back, once for each key', async () => {
    const { connector, balance } = await startConnector({ peers: [there] });
    const { ask } = link(await serve(connector));
    const prepare = serializeIlpPrepare(prepareOf());
    for (let n = 0; n < 3; n += 1) {
      const reply = await ask(prepare, { idempotencyKey: 'one', timeoutMs: 2_000 });
      assert.deepEqual(deserializeIlpReply(reply), FULFILL);
    }
    assert.equal(balance('peer:there'), -100n);
  });

  it('answers 200 with a Reject to bytes that are no packet', async () => {
    const { connector, ledger } = await startConnector({ peers: [there] });
    const response = await post(await serve(connector), Buffer.from('not a packet'));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/octet-stream');
    assert.equal(codeOf(deserializeIlpReply(Buffer.from(await response.arrayBuffer()))), 'F01');
    assert.equal(totalsOf(ledger).get('connector_errors_total{severity=warning,type=invalid_packet}'), 1n);
  });

  for (const [what, headers, status] of [
    ['no token', { 'content-type': OCTETS['content-type'] }, 401],
    ['a wrong token', { ...OCTETS, authorization: 'Bearer wrong' }, 401],
    ['a token in another scheme', { ...OCTETS, authorization: `Basic ${TOKEN}` }, 401],
    ['another content type', { ...OCTETS, 'content-type': 'application/json' }, 415],
    ['an endless idempotency key', { ...OCTETS, 'idempotency-key': 'x'.repeat(129) }, 400],
  ] as const) {
    it(`refuses ${what} with ${status} and moves nothing`, async () => {
      const { connector, ledger, balance } = await startConnector({ peers: [there] });
      const response = await post(await serve(connector), serializeIlpPrepare(prepareOf()) as never, headers);
      assert.equal(response.status, status);
      const { error } = (await response.json()) as { error: { code: string; description: string } };
      assert.ok(error.code && error.description);
      assert.equal(balance('peer:there'), 0n);
      if (status !== 401) return;
      await ledger.commit(() => {});
      assert.equal(totalsOf(ledger).get('connector_errors_total{severity=warning,type=unknown_peer}'), 1n);
      assert.ok(connector.lastErrorAtMs() > 0);
    });
  }

  it('carries the payment that a packet belongs to, and takes the packet without whatever is no such id', async () => {
    const known: unknown[] = [];
    const connector = {
      handle: async (source: PacketSource) => {
        known.push(source.correlationId);
        return serializeIlpReply(FULFILL);
      },
      countError() {},
    };
    let refused = 0;
    const url = await serve(connector, { onBadCorrelationId: () => void refused++ });
    const correlationId = randomUUID();
    const { ask } = link(url);
    const prepare = serializeIlpPrepare(prepareOf());
    await ask(prepare, { correlationId, timeoutMs: 2_000 });
    await ask(prepare, { timeoutMs: 2_000 });
    assert.equal(refused, 0);
    for (const hostile of ['x'.repeat(8_000), `${correlationId} {"level":"error"}`, '../../etc/passwd']) {
      const headers = { ...OCTETS, [CORRELATION_HEADER]: hostile };
      assert.equal((await post(url, prepare as never, headers)).status, 200);
    }
    assert.equal(refused, 3);
    assert.deepEqual(known, [correlationId, undefined, undefined, undefined, undefined]);
  });

  it('refuses a body over the limit with 413, whether it says its length or not', async () => {
    const { connector } = await startConnector({ peers: [there] });
    const url = await serve(connector);
    assert.equal((await post(url, Buffer.alloc(100_000))).status, 413);
    const stream = new Blob([Buffer.alloc(100_000)]).stream();
    const chunked = await fetch(url, {
      method: 'POST',
      headers: OCTETS,
      body: stream,
      duplex: 'half',
    } as RequestInit);
    assert.equal(chunked.status, 413);
  });

  it('goes on after a peer that hung up in the middle', async () => {
    const { connector } = await startConnector({ peers: [there] });
    const url = await serve(connector);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const headers = Object.entries(OCTETS).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /ilp HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n${headers.join('')}\r\nhalf`);
    await once(socket, 'connect');
    socket.destroy();
    assert.equal((await post(url, serializeIlpPrepare(prepareOf()) as never)).status, 200);
  });

  for (const [what, error, status] of [
    ['503 when it does not run', new NotRunningError(), 503],
    ['504 when the outcome cannot be told', new Error('not now'), 504],
  ] as const) {
    it(`says ${what}, and never a Reject`, async () => {
      const connector = { handle: () => Promise.reject(error), countError() {} };
      const response = await post(await serve(connector), serializeIlpPrepare(prepareOf()) as never);
      assert.equal(response.status, status);
    });
  }
});

describe('the link to a peer', () => {
  const ask = (url: string, timeoutMs = 1_000) =>
    link(url).ask(serializeIlpPrepare(prepareOf()), { timeoutMs, idempotencyKey: 'key' });
  const fails = (reason: LinkError['reason'], asked: Promise<unknown>) =>
    assert.rejects(asked, (error: LinkError) => error.reason === reason);
  const httpAnswer = (status: string, body = '') =>
    `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

  /** A peer that does this with every connection once it has heard something. */
  async function rawPeer(behave: (socket: Socket) => void): Promise<string> {
    const server = createTcpServer((socket) => {
      closers.push(() => socket.destroy());
      socket.on('error', () => {});
      socket.once('data', () => behave(socket));
    });
    return listen(server);
  }

  it('knows that nothing was sent when nobody listens', async () => {
    const server = createTcpServer();
    const url = await listen(server);
    server.close();
    await once(server, 'close');
    await fails('not_sent', ask(url));
  });

  it('knows that it was refused', async () => {
    const { connector } = await startConnector({ peers: [there] });
    const url = await serve(connector);
    await fails('refused', link(url, 'wrong').ask(Buffer.alloc(1), { timeoutMs: 1_000 }));
    for (const status of ['404 Not Found', '503 Later']) {
      await fails('refused', ask(await rawPeer((socket) => socket.end(httpAnswer(status)))));
    }
  });

  for (const [what, behave] of [
    ['the connection breaks', (socket: Socket) => socket.destroy()],
    ['the connection is reset', (socket: Socket) => socket.resetAndDestroy()],
    ['the peer says that it failed', (socket: Socket) => socket.end(httpAnswer('500 Oops'))],
    ['the peer says that it cannot tell', (socket: Socket) => socket.end(httpAnswer('504 Later'))],
    [
      'the answer is cut off',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf'),
    ],
    ['the answer is no HTTP', (socket: Socket) => socket.end('hello')],
    ['the answer is far too long', (socket: Socket) => socket.end(httpAnswer('200 OK', 'x'.repeat(100_000)))],
    ['no answer comes in time', () => {}],
  ] as const) {
    it(`leaves it open when ${what}`, async () => fails('no_answer', ask(await rawPeer(behave), 200)));
  }

  it('ends what is under way when it closes', async () => {
    const silent = link(await rawPeer(() => {}));
    const asked = silent.ask(Buffer.alloc(1), { timeoutMs: 60_000 });
    const failed = fails('no_answer', asked);
    await silent.close();
    await failed;
  });

  it('passes bytes through unread', async () => {
    const reply = serializeIlpReply(FULFILL);
    const url = await rawPeer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${reply.length}\r\n\r\n`);
      socket.end(reply);
    });
    assert.deepEqual(await ask(url), reply);
  });
});
