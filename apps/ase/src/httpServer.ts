import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type RequestHandler, type Router } from 'express';
import type { ReadinessWatch } from './admin/readiness.ts';
import { jsonBody } from './jsonBody.ts';
import { errorHandler, methodNotAllowed, unknownRoute } from './openPayments/errors.ts';
import { answerUnreadable } from './unreadableRequests.ts';

/** A port that another program listens on. */
export class PortTakenError extends Error {
  constructor(port: number) {
    super(`Port ${port} is taken: stop the program that listens there, or give this ASE another ASE_PORT.`);
    this.name = 'PortTakenError';
  }
}

export interface HttpParts {
  httpMetrics: RequestHandler;
  /** POST /ilp; reads its own body. */
  ilp: RequestHandler;
  /** Reads its own bodies, behind the token. */
  admin: Router;
  openPayments: Router;
  /** What peers say about settlement; reads its own bodies. */
  settlement: Router;
  readiness: ReadinessWatch;
  /** The page for Prometheus; left out: there is none. */
  metricsPage?: { path: string; render: () => Promise<string> } | undefined;
  log: { error(fields: object, message: string): void };
}

/** Every route of an ASE in one place. */
export function createHttpApp(parts: HttpParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('query parser', 'simple');
  app.use(parts.httpMetrics);
  app.use((_request, response, next) => {
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    next();
  });
  app.route('/ilp').post(parts.ilp).all(methodNotAllowed('POST'));
  app
    .route('/health')
    .get((_request, response) => {
      // Alive, whatever it depends on: whoever restarts an ASE because its peer is away makes it worse.
      const { lookedAt = null, dependencies = {} } = parts.readiness.known() ?? {};
      const uptimeSeconds = Math.floor(process.uptime());
      response.json({ status: 'ok', uptimeSeconds, lookedAt, dependencies });
    })
    .all(methodNotAllowed('GET'));
  app
    .route('/ready')
    .get(async (_request, response) => {
      const readiness = await parts.readiness.look();
      response.status(readiness.ready ? 200 : 503).json(readiness);
    })
    .all(methodNotAllowed('GET'));
  if (parts.metricsPage) {
    const { path, render } = parts.metricsPage;
    app
      .route(path)
      .get(async (_request, response) => {
        response.type('text/plain; version=0.0.4; charset=utf-8').send(await render());
      })
      .all(methodNotAllowed('GET'));
  }
  app.use('/settlement', parts.settlement);
  app.use('/admin', parts.admin);
  app.use(jsonBody());
  app.use(parts.openPayments);
  app.use(unknownRoute);
  app.use(errorHandler(parts.log));
  return app;
}

const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;
// Above that of our clients, so that no request meets a connection that is just being closed.
const KEEP_ALIVE_MS = 15_000;
const TIMEOUT_CHECK_MS = 1_000;
const MAX_HEADER_BYTES = 16 * 1024;
// Each takes far more memory than its bytes, and slow clients hold theirs for as long as they may.
const MAX_HEADERS = 100;
const MAX_CONNECTIONS = 1_000;

export interface HttpServer {
  port: number;
  /** Takes no new requests and resolves when those under way are answered, or cut off after `boundMs`. */
  close(boundMs: number): Promise<void>;
}

export interface ListenEvents {
  /** A connection is over the limit. */
  onRefused?: () => void;
  /** A request was answered with this status because it could not be read. */
  onUnreadable?: (status: number) => void;
}

/** Listens. Rejects with a PortTakenError when the port is in use. */
export async function listen(
  app: Express,
  { host, port }: { host: string; port: number },
  { onRefused = () => {}, onUnreadable = () => {} }: ListenEvents = {},
): Promise<HttpServer> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node looks for requests over their time only so often.
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    app,
  );
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', onRefused);
  answerUnreadable(server, onUnreadable);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port) : error);
    });
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: (boundMs) => closeServer(server, boundMs) };
}

async function closeServer(server: Server, boundMs: number): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), boundMs);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  clearTimeout(cutOff);
}
