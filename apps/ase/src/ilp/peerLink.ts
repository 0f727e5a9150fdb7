import { type Dispatcher, Pool } from 'undici';
import { CORRELATION_HEADER } from '../connector/correlation.ts';
import { MAX_PACKET_BYTES } from '../connector/decode.ts';
import { LinkError } from '../connector/errors.ts';
import type { AskOptions, PeerLink } from '../connector/types.ts';

export interface PeerLinkOptions {
  /** Where the peer takes packets, http://…/ilp */
  url: string;
  /** What we show it. */
  token: string;
}

// Each carries one question at a time: asked one behind the other on one connection, packets waited for each other.
const CONNECTIONS = 256;
const CONNECT_TIMEOUT_MS = 2_000;
/** More questions under way than this are not sent at all. */
const MAX_UNDER_WAY = 5_000;

/** ILP over HTTP (RFC 35), the sending side: one POST is one Prepare, its answer is the reply. */
export function createPeerLink({ url, token }: PeerLinkOptions): PeerLink {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: MAX_PACKET_BYTES,
    // Every question brings its own time limit, counted exactly.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  let underWay = 0;

  async function post(
    body: Buffer,
    { idempotencyKey, correlationId, traceparent, timeoutMs }: AskOptions,
  ): Promise<Buffer> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      accept: 'application/octet-stream',
    };
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    if (correlationId !== undefined) headers[CORRELATION_HEADER] = correlationId;
    if (traceparent !== undefined) headers.traceparent = traceparent;
    const exchange = createExchange(timeoutMs);
    pool.dispatch({ method: 'POST', path: pathname, headers, body }, exchange.handler);
    let answer: Answer;
    try {
      answer = await exchange.answer;
    } catch (error) {
      throw toLinkError(url, error);
    }
    if (answer.status === 200) return answer.body;
    // These say that the packet was not looked at. Anything else may have happened after it was.
    const refused = (answer.status >= 400 && answer.status < 500) || answer.status === 503;
    throw new LinkError(refused ? 'refused' : 'no_answer', `${url} answered ${answer.status}`);
  }

  return {
    async ask(prepareBytes, options) {
      if (underWay >= MAX_UNDER_WAY) throw new LinkError('not_sent', `${url} has too many packets under way`);
      underWay += 1;
      try {
        return await post(prepareBytes, options);
      } finally {
        underWay -= 1;
      }
    },
    close: () => pool.destroy(),
  };
}

interface Answer {
  status: number;
  body: Buffer;
}

/** One request and its answer, without the streams that undici's request() makes for each: an answer is a small packet. */
function createExchange(timeoutMs: number): { handler: Dispatcher.DispatchHandler; answer: Promise<Answer> } {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const chunks: Buffer[] = [];
  let status = 0;
  let request: Dispatcher.DispatchController | undefined;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    // One that still waits for a connection is taken back when it gets one.
    request?.abort(new LateError(timeoutMs));
    reject(new LateError(timeoutMs));
  }, timeoutMs);
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      request = controller;
      if (isLate) controller.abort(new LateError(timeoutMs));
    },
    onResponseStart(_controller, statusCode) {
      status = statusCode;
    },
    onResponseData(_controller, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      clearTimeout(timer);
      resolve({ status, body: chunks.length === 1 ? Buffer.from(chunks[0]!) : Buffer.concat(chunks) });
    },
    onResponseError(_controller, error) {
      clearTimeout(timer);
      reject(error);
    },
  };
  return { handler, answer: promise };
}

class LateError extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

/** Only a failure to connect proves that nothing was sent; every other leaves it open. */
function toLinkError(url: string, error: unknown): LinkError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isConnect = error instanceof Error && 'syscall' in error && error.syscall === 'connect';
  const notSent = isConnect || NOT_CONNECTED.has(code);
  const why = error instanceof Error ? error.message || code : String(error);
  return new LinkError(notSent ? 'not_sent' : 'no_answer', `${url}: ${why}`, { cause: error });
}

const NOT_CONNECTED = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'ENOTFOUND', 'EAI_AGAIN']);
