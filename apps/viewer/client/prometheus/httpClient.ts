/**
 * Prometheus' HTTP API through this viewer's read-only proxy. Never more than `MAX_CONCURRENT` requests are
 * under way: the rest wait their turn, and one that is aborted while it waits is never sent.
 */
import { Gate } from './gate.ts';
import type { ExemplarSeries, PrometheusData } from './response.ts';

/** A browser holds six connections to one server: one stays free for scripts, icons and the home page. */
const MAX_CONCURRENT = 5;

export interface PrometheusHttp {
  query(expr: string, timeSeconds: number, signal?: AbortSignal): Promise<PrometheusData>;
  queryExemplars(
    expr: string,
    range: Pick<SecondsRange, 'start' | 'end'>,
    signal?: AbortSignal,
  ): Promise<ExemplarSeries[]>;
  queryRange(expr: string, range: SecondsRange, signal?: AbortSignal): Promise<PrometheusData>;
  labelNames(range: Partial<SecondsRange>): Promise<string[]>;
  labelValues(label: string, match: string | undefined, range: Partial<SecondsRange>): Promise<string[]>;
  series(match: string, range: Partial<SecondsRange>): Promise<Array<Record<string, string>>>;
}

export interface SecondsRange {
  start: number;
  end: number;
  step: number;
}

/** A client for the API under `baseUrl` (without `/api/v1`). */
export function createPrometheusHttp(baseUrl: string): PrometheusHttp {
  const gate = new Gate(MAX_CONCURRENT);
  const call = <T>(request: Request): Promise<T> => gate.run(() => send<T>(request), request.signal);
  const get = <T>(path: string, params: Params) =>
    call<T>(new Request(`${baseUrl}/api/v1/${path}?${encode(params)}`));
  const post = <T>(path: string, params: Params, signal?: AbortSignal) =>
    call<T>(
      new Request(`${baseUrl}/api/v1/${path}`, {
        method: 'POST',
        body: encode(params),
        signal: signal ?? null,
      }),
    );
  return {
    query: (query, time, signal) => post('query', { query, time }, signal),
    queryRange: (query, { start, end, step }, signal) =>
      post('query_range', { query, start, end, step }, signal),
    queryExemplars: (query, { start, end }, signal) => post('query_exemplars', { query, start, end }, signal),
    labelNames: (range) => get('labels', bounds(range)),
    labelValues: (label, match, range) =>
      get(`label/${label}/values`, { ...bounds(range), 'match[]': match }),
    series: (match, range) => get('series', { ...bounds(range), 'match[]': match }),
  };
}

type Params = Record<string, string | number | undefined>;

const bounds = ({ start, end }: Partial<SecondsRange>): Params => ({ start, end });

function encode(params: Params): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined) encoded.append(key, String(value));
  }
  return encoded;
}

interface Envelope {
  status?: string;
  data?: unknown;
  error?: string;
}

async function send<T>(request: Request): Promise<T> {
  const response = await fetch(request).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    throw new Error('The dashboard server does not answer. Is the playground up?');
  });
  const envelope = (await response.json().catch(() => ({}))) as Envelope;
  if (envelope.status === 'success') return envelope.data as T;
  throw new Error(envelope.error ?? `Prometheus answered ${response.status} ${response.statusText}`.trim());
}
