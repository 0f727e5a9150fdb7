import type { Request, RequestHandler, Response } from 'express';
import { HTTP_METHODS } from '../../../../telemetry/catalogue.ts';
import type { OperatorMetrics } from './instruments.ts';

/** `http_route` of requests that no route took. */
const UNMATCHED_ROUTE = '_unmatched';
/** `http_request_method` of methods that OpenTelemetry does not know. */
const OTHER_METHOD = '_OTHER';
/** `http_response_status_code` when the client went away before its answer; a convention of web servers. */
const CLIENT_CLOSED_REQUEST = '499';

export interface HttpMetrics {
  /** Counts what comes after it. */
  handler: RequestHandler;
  /** Counts a request that was refused before it could be read; so nobody knows when it began, or its method. */
  countUnreadable(status: number): void;
}

/**
 * HTTP server metrics by OpenTelemetry semantic conventions; mount its handler before all routes. The route is the
 * pattern (`/quotes/:id`), never the path, so that series stay few; for the same reason routers must be mounted
 * on fixed paths, because express does not tell the pattern of a mount.
 */
export function createHttpMetrics(metrics: Pick<OperatorMetrics, 'change' | 'record'>): HttpMetrics {
  const handler: RequestHandler = (request, response, next) => {
    const startedAtMs = performance.now();
    const method = { http_request_method: knownMethod(request.method) };
    metrics.change('http_server_active_requests', method, 1);
    // `close` comes once for every response, answered or not.
    response.once('close', () => {
      metrics.change('http_server_active_requests', method, -1);
      const labels = {
        ...method,
        http_route: routeOf(request),
        http_response_status_code: statusOf(response),
      };
      metrics.record(
        'http_server_request_duration_seconds',
        labels,
        (performance.now() - startedAtMs) / 1000,
      );
      const received = requestBodyBytes(request);
      if (received !== undefined) metrics.record('http_server_request_body_size_bytes', labels, received);
      const sent = responseBodyBytes(response);
      if (sent !== undefined) metrics.record('http_server_response_body_size_bytes', labels, sent);
    });
    next();
  };
  const countUnreadable = (status: number) =>
    metrics.record(
      'http_server_request_duration_seconds',
      {
        http_request_method: OTHER_METHOD,
        http_route: UNMATCHED_ROUTE,
        http_response_status_code: String(status),
      },
      0,
    );
  return { handler, countUnreadable };
}

const KNOWN_METHODS = new Set<string>(HTTP_METHODS);

function knownMethod(method: string): string {
  return KNOWN_METHODS.has(method) ? method : OTHER_METHOD;
}

function routeOf(request: Request): string {
  const path: unknown = request.route?.path;
  return path === undefined ? UNMATCHED_ROUTE : `${request.baseUrl}${String(path)}`;
}

function statusOf(response: Response): string {
  return response.writableFinished ? String(response.statusCode) : CLIENT_CLOSED_REQUEST;
}

/** What has come, never what a client only claims; undefined while that is not known, as of a body in chunks. */
function requestBodyBytes(request: Request): number | undefined {
  const { headers, complete } = request;
  if (!complete || headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

function responseBodyBytes(response: Response): number | undefined {
  if (!response.writableFinished) return undefined;
  const { statusCode, req } = response;
  if (req.method === 'HEAD' || statusCode === 204 || statusCode === 304) return 0;
  const length = response.getHeader('content-length');
  return length === undefined ? undefined : Number(length);
}
