import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { sendJson } from '../respond.ts';
import { isPlainSearch, JAEGER_READS, judge, PROMETHEUS_READS } from './allowList.ts';
import { readBody } from './readBody.ts';
import { Slots } from './slots.ts';

/** Who is asked through the viewer, under Grafana's address of the data source with that uid, and what may be asked. */
const SOURCES = {
  prometheus: {
    name: 'Prometheus',
    prefix: '/api/datasources/proxy/uid/prometheus',
    reads: PROMETHEUS_READS,
  },
  jaeger: { name: 'Jaeger', prefix: '/api/datasources/proxy/uid/jaeger', reads: JAEGER_READS },
};

export interface ReadProxy {
  /** Whether a path is one of this proxy's. */
  isFor(path: string): boolean;
  /** `path` with the prefix, `search` without the question mark; both raw. */
  handle(request: IncomingMessage, response: ServerResponse, path: string, search: string): Promise<void>;
  close(): void;
}

export interface ProxyOptions {
  upstream: URL;
  /** Until the first byte of the answer. */
  timeoutMs?: number;
  maxConcurrent?: number;
  maxWaiting?: number;
  maxBodyBytes?: number;
}

/** Headers of the answer that the client may see. */
const PASSED_ON = ['content-type', 'content-encoding', 'content-length'] as const;

/** Lets read queries through, and nothing else. */
export function createReadProxy(source: keyof typeof SOURCES, options: ProxyOptions): ReadProxy {
  const { name, prefix, reads } = SOURCES[source];
  const {
    upstream,
    timeoutMs = 30_000,
    maxConcurrent = 20,
    maxWaiting = 200,
    maxBodyBytes = 256_000,
  } = options;
  const isHttps = upstream.protocol === 'https:';
  // Not imported: an import of either also loads fetch, 14 MiB that this small process never uses.
  const { request: send, Agent } = process.getBuiltinModule(isHttps ? 'node:https' : 'node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: maxConcurrent });
  const base = upstream.pathname.replace(/\/+$/, '');
  const slots = new Slots(maxConcurrent, maxWaiting);

  const forward = (
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
    body: Buffer | undefined,
  ) =>
    new Promise<void>((resolve) => {
      response.once('close', resolve);
      const outgoing = send(upstream, {
        path: target,
        method: request.method,
        agent,
        timeout: timeoutMs,
        headers: {
          accept: 'application/json',
          'accept-encoding': request.headers['accept-encoding'] ?? 'identity',
          ...(body
            ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length }
            : {}),
        },
      });
      response.once('close', () => outgoing.destroy());
      outgoing.once('timeout', () => {
        refuse(response, 504, 'timeout', `${name} took longer than ${timeoutMs / 1000} s to answer.`);
        outgoing.destroy();
      });
      outgoing.once('error', () => {
        refuse(response, 502, 'unavailable', `${name} does not answer at ${upstream.origin}.`);
      });
      outgoing.once('response', (incoming) => {
        if (response.headersSent) return;
        response.statusCode = incoming.statusCode ?? 502;
        response.setHeader('cache-control', 'no-store');
        for (const name of PASSED_ON) {
          const value = incoming.headers[name];
          if (value !== undefined) response.setHeader(name, value);
        }
        pipeline(incoming, response, () => {});
      });
      outgoing.end(body);
    });

  return {
    isFor: (path) => path.startsWith(prefix),
    async handle(request, response, path, search) {
      const upstreamPath = path.slice(prefix.length);
      const verdict = judge(reads, request.method, upstreamPath);
      if (!verdict.allowed) {
        if (verdict.status === 405) response.setHeader('allow', verdict.allow);
        return refuse(response, verdict.status, 'not_allowed', 'Only read queries are let through.');
      }
      if (!isPlainSearch(search)) return refuse(response, 400, 'bad_data', 'The query string is malformed.');
      const body = request.method === 'POST' ? await readBody(request, maxBodyBytes) : undefined;
      if (body === 'unsupported') {
        return refuse(response, 415, 'bad_data', 'A query is posted as application/x-www-form-urlencoded.');
      }
      if (body === 'tooLarge') {
        response.setHeader('connection', 'close');
        return refuse(response, 413, 'bad_data', `A query may have up to ${maxBodyBytes} bytes.`);
      }
      const release = await slots.take(response);
      if (!release) {
        response.setHeader('retry-after', '1');
        return refuse(response, 503, 'unavailable', 'Too many queries are waiting. Try again.');
      }
      await forward(request, response, base + upstreamPath + (search ? `?${search}` : ''), body).finally(
        release,
      );
    },
    close: () => agent.destroy(),
  };
}

/** In Prometheus' own shape, so that a client reads it like an answer of Prometheus. */
function refuse(response: ServerResponse, status: number, errorType: string, error: string): void {
  if (response.headersSent || response.destroyed) return;
  sendJson(response, status, { status: 'error', errorType, error });
}
