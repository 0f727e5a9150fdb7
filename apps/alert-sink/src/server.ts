import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Deliveries } from './deliveries.ts';

// Not imported: an import of node:http also loads fetch, 14 MiB that this small process never uses.
const { createServer } = process.getBuiltinModule('node:http');
const MAX_BODY_BYTES = 512 * 1024;
const MAX_CONNECTIONS = 32;

/** Takes Alertmanager's deliveries at POST /deliveries, and shows them at GET /deliveries. */
export function createSinkServer(deliveries: Deliveries, nowMs: () => number): Server {
  const server = createServer({ connectionsCheckingInterval: 1000 }, (request, response) => {
    const route = `${request.method} ${request.url}`;
    if (route === 'GET /health') return answer(response, 200, { status: 'ok' });
    if (route === 'GET /deliveries') return answer(response, 200, deliveries.heard());
    if (route === 'POST /deliveries') return void take(request, response);
    request.resume();
    answer(response, 404, { error: 'only POST and GET /deliveries and GET /health exist' });
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  server.maxConnections = MAX_CONNECTIONS;
  return server;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, error: string) => {
      deliveries.refuse();
      response.setHeader('connection', 'close');
      answer(response, status, { error });
    };
    let message: unknown;
    try {
      const body = await bodyOf(request);
      if (body === undefined) return refuse(413, `a delivery has ${MAX_BODY_BYTES} bytes at most`);
      message = JSON.parse(body);
    } catch {
      return refuse(400, 'a delivery is JSON');
    }
    const problem = deliveries.take(message, nowMs());
    if (problem === undefined) answer(response, 200, {});
    else answer(response, 400, { error: problem });
  }
}

/** undefined when it is too large; what is left of it is not read. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
