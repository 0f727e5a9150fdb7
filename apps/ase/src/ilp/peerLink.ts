import { Pool } from 'undici';
import { MAX_PACKET_BYTES } from '../connector/decode.ts';
import { LinkError } from '../connector/errors.ts';
import type { AskOptions, PeerLink } from '../connector/types.ts';

export interface PeerLinkOptions {
  /** Where the peer takes packets, http://…/ilp */
  url: string;
  /** What we show it. */
  token: string;
}

const CONNECTIONS = 64;
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

  async function post(body: Buffer, { idempotencyKey, timeoutMs }: AskOptions): Promise<Buffer> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      accept: 'application/octet-stream',
    };
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    try {
      const response = await pool.request({
        method: 'POST',
        path: pathname,
        headers,
        body,
        signal: abort.signal,
      });
      if (response.statusCode === 200) return Buffer.from(await response.body.arrayBuffer());
      await response.body.dump();
      // These say that the packet was not looked at. Anything else may have happened after it was.
      const refused =
        (response.statusCode >= 400 && response.statusCode < 500) || response.statusCode === 503;
      throw new LinkError(refused ? 'refused' : 'no_answer', `${url} answered ${response.statusCode}`);
    } catch (error) {
      throw error instanceof LinkError ? error : toLinkError(url, error);
    } finally {
      clearTimeout(timer);
    }
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

/** Only a failure to connect proves that nothing was sent; every other leaves it open. */
function toLinkError(url: string, error: unknown): LinkError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isConnect = error instanceof Error && 'syscall' in error && error.syscall === 'connect';
  const notSent = isConnect || NOT_CONNECTED.has(code);
  const why = error instanceof Error ? error.message || code : String(error);
  return new LinkError(notSent ? 'not_sent' : 'no_answer', `${url}: ${why}`, { cause: error });
}

const NOT_CONNECTED = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'ENOTFOUND', 'EAI_AGAIN']);
