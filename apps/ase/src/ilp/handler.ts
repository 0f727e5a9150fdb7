import type { Request, RequestHandler, Response } from 'express';
import { CORRELATION_HEADER, readCorrelationId } from '../connector/correlation.ts';
import { NotRunningError } from '../connector/errors.ts';
import type { PacketSource, Peer, RunningConnector } from '../connector/types.ts';
import { traceHeaders } from '../tracing/traceHeaders.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { createBearerCheck } from './bearer.ts';

export interface IlpHandlerOptions {
  connector: Pick<RunningConnector, 'handle' | 'countError'>;
  /** Every peer with the token that it shows us. */
  peers: ReadonlyArray<{ peer: Peer; token: string }>;
  /** Left out: trace headers are not looked at. */
  tracing?: Pick<Tracing, 'incoming'> | undefined;
  /** A packet came with a correlation id that is none; it is handled as if it had none. */
  onBadCorrelationId?: () => void;
}

/** The largest ILP packet is some 33.9 kB. */
const MAX_BODY_BYTES = 35_000;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;
/** Longer than any packet may be held: then the peer shall ask again. */
const MAX_WAIT_MS = 35_000;

/** ILP over HTTP (RFC 35), the receiving side: `POST /ilp` of a peer, answered 200 with a Fulfill or Reject. */
export function createIlpHandler(options: IlpHandlerOptions): RequestHandler {
  const { connector, peers, tracing, onBadCorrelationId } = options;
  const whose = createBearerCheck(peers.map(({ peer, token }) => ({ token, holder: sourceOf(peer) })));

  return async (request, response) => {
    const peer = whose(request.get('authorization'));
    if (!peer) {
      connector.countError('unknown_peer');
      response.set('www-authenticate', 'Bearer');
      return fail(response, 401, 'unknown_peer', 'The token is missing or not one of a peer');
    }
    if (!request.is('application/octet-stream')) {
      return fail(response, 415, 'unsupported_media_type', 'A packet comes as application/octet-stream');
    }
    const idempotencyKey = request.get('idempotency-key');
    if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
      return fail(
        response,
        400,
        'invalid_request',
        'Idempotency-Key must be 1 to 128 visible ASCII characters',
      );
    }
    const correlationHeader = request.get(CORRELATION_HEADER);
    const correlationId = readCorrelationId(correlationHeader);
    if (correlationHeader !== undefined && correlationId === undefined) onBadCorrelationId?.();
    const source = correlationId === undefined ? peer : { ...peer, correlationId };
    let body: Buffer | undefined;
    try {
      body = await readBody(request);
    } catch {
      return; // The peer hung up: there is nobody to answer.
    }
    if (!body) {
      connector.countError('invalid_packet');
      response.set('connection', 'close');
      return fail(response, 413, 'invalid_packet', `A packet has at most ${MAX_BODY_BYTES} bytes`);
    }
    let reply: Buffer;
    try {
      const trace = tracing?.incoming(traceHeaders(request));
      reply = await inTime(
        connector.handle(source, body, { ...(idempotencyKey !== undefined && { idempotencyKey }), trace }),
      );
    } catch (error) {
      return error instanceof NotRunningError
        ? fail(response, 503, 'not_running', 'This packet was not looked at: the ASE is starting or stopping')
        : fail(response, 504, 'outcome_unknown', 'The outcome of this packet cannot be told now: ask again');
    }
    // Not send(), which looks at every answer as if a browser had asked.
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': reply.length });
    response.end(reply);
  };
}

function sourceOf({ id, ilpAddress, assetCode, assetScale }: Peer): PacketSource {
  return { accountId: `peer:${id}`, peerId: id, ilpAddress, assetCode, assetScale };
}

function fail(response: Response, status: number, code: string, description: string): void {
  response.status(status).json({ error: { code, description } });
}

/** The whole body; undefined when it is over the limit, the rest is then not read. */
function readBody(request: Request): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Events, not an iterator: there is a packet in nearly every request, and its body is one chunk.
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) return void chunks.push(chunk);
    // Not destroyed: its socket has to carry our answer.
    request.pause();
    resolve(undefined);
  });
  request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
  request.on('error', reject);
  request.on('close', () => {
    // An error takes the stack with it, and every request closes.
    if (!request.complete) reject(new Error('the peer hung up'));
  });
  return promise;
}

async function inTime(reply: Promise<Buffer>): Promise<Buffer> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no outcome yet')), MAX_WAIT_MS);
  });
  try {
    return await Promise.race([reply, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
