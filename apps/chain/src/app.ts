import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Chain, Refused } from './chain.ts';
import { CHAINS, type ChainName, TRANSACTION } from './wire.ts';

const MAX_BODY_BYTES = 8 * 1024;
const FAULT = z.strictObject({
  failNext: z.int().min(0).max(1000).optional(),
  stallMs: z.int().min(0).max(600_000).optional(),
  reorg: z.literal(true).optional(),
});

/** The chains over HTTP. Everything but faults is open, as on a public chain: what counts are signatures. */
export function createChainApp(parts: {
  chains: Record<ChainName, Chain>;
  adminToken: string;
  log: (level: 'warn' | 'error', msg: string) => void;
}): RequestListener {
  const { chains, adminToken, log } = parts;

  async function answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
    const url = new URL(request.url ?? '/', 'http://chain');
    const [first = '', what, id, ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    if (first === 'health') return [200, { status: 'ok' }];
    if (first === 'audit') return [200, { problems: CHAINS.flatMap((name) => chains[name].audit()) }];
    const name = CHAINS.find((one) => one === first);
    if (!name || rest.length > 0) return notFound;
    const chain = chains[name];
    if (request.method === 'POST') {
      if (id !== undefined) return notFound;
      if (what === 'transactions') {
        const parsed = TRANSACTION.safeParse(await readJson(request));
        if (!parsed.success) return invalid(parsed.error);
        return [202, chain.submit(parsed.data)];
      }
      if (what === 'faults') {
        if (!isToken(request.headers.authorization, adminToken))
          return problem(401, 'unauthorized', 'This needs the admin token');
        const parsed = FAULT.safeParse(await readJson(request));
        if (!parsed.success) return invalid(parsed.error);
        const { reorg, ...fault } = parsed.data;
        const { failNext, stallMs } = fault;
        chain.inject({
          ...(failNext !== undefined && { failNext }),
          ...(stallMs !== undefined && { stallMs }),
        });
        return [200, { waitAgain: reorg ? chain.reorganise() : 0 }];
      }
      return notFound;
    }
    if (request.method !== 'GET') return problem(405, 'method_not_allowed', 'Only GET and POST');
    if (what === undefined) return [200, chain.status()];
    if (id === undefined) return notFound;
    if (what === 'transactions') return found(chain.transaction(id));
    if (what === 'channels') return found(chain.channel(id));
    if (what === 'balances') {
      const token = url.searchParams.get('token') ?? '';
      return [200, { address: id, token, units: String(chain.balance(id, token)) }];
    }
    return notFound;
  }

  return (request, response) => {
    answer(request).then(
      ([status, body]) => send(response, status, body),
      (error: unknown) => {
        if (error instanceof Refused) {
          const status = { wrong_signature: 400, id_taken: 409, too_many: 503 }[error.code];
          return send(response, ...problem(status, error.code, error.message));
        }
        if (error instanceof BadBody)
          return send(response, ...problem(error.status, 'invalid_body', error.message));
        if (error instanceof URIError)
          return send(response, ...problem(400, 'invalid_path', 'No valid path'));
        log('error', error instanceof Error ? error.message : String(error));
        send(response, ...problem(500, 'internal_error', 'Something went wrong here'));
      },
    );
  };
}

class BadBody extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new BadBody(413, `A body has at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new BadBody(400, 'The body is not JSON');
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return;
  // What is left of a body that is too large is not read.
  if (status === 413) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

const problem = (status: number, code: string, description: string): [number, unknown] => [
  status,
  { error: { code, description } },
];
const notFound = problem(404, 'not_found', 'There is nothing of that name');
const found = (body: unknown): [number, unknown] => (body === undefined ? notFound : [200, body]);
const invalid = (error: z.ZodError): [number, unknown] =>
  problem(
    400,
    'invalid_request',
    error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isToken = (header: string | undefined, token: string): boolean =>
  timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
