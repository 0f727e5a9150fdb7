/** Traces from Jaeger's query API, through this viewer's read-only proxy. */
export interface Span {
  id: string;
  /** The span that it is part of; undefined for the first, and where that one never arrived. */
  parentId: string | undefined;
  name: string;
  /** The ASE that made it. */
  ase: string;
  /** Unix milliseconds, with fractions. */
  startMs: number;
  durationMs: number;
  attributes: Record<string, string>;
  /** What kind of failure; undefined for a success. */
  error: string | undefined;
}

export interface Trace {
  id: string;
  spans: Span[];
}

export interface Search {
  /** Only traces with a span of this name. */
  operation?: string | undefined;
  onlyFailed?: boolean;
}

const SERVICE = 'ilp-connector';
const PROXY = '/api/datasources/proxy/uid/jaeger/api';
const SHOWN_TRACES = 20;
const TIMEOUT_MS = 15_000;

/** The newest traces that match, newest first. */
export async function searchTraces({ operation, onlyFailed = false }: Search): Promise<Trace[]> {
  const query = new URLSearchParams({ service: SERVICE, limit: String(SHOWN_TRACES), lookback: '6h' });
  if (operation) query.set('operation', operation);
  if (onlyFailed) query.set('tags', '{"error":"true"}');
  const traces = await ask(`traces?${query}`);
  return traces.map(toTrace).sort((a, b) => startOf(b) - startOf(a));
}

/** One trace; undefined when Jaeger does not have it, or not any more. */
export async function loadTrace(id: string): Promise<Trace | undefined> {
  const [found] = await ask(`traces/${encodeURIComponent(id)}`);
  return found && toTrace(found);
}

export const startOf = ({ spans }: Trace): number => Math.min(...spans.map(({ startMs }) => startMs));
export const endOf = ({ spans }: Trace): number =>
  Math.max(...spans.map(({ startMs, durationMs }) => startMs + durationMs));

/** In the order in which the payment reaches them. */
export const asesOf = ({ spans }: Trace): string[] => [
  ...new Set(spans.toSorted((a, b) => a.startMs - b.startMs).map(({ ase }) => ase)),
];

interface JaegerTrace {
  traceID: string;
  spans: {
    spanID: string;
    operationName: string;
    processID: string;
    /** Microseconds. */
    startTime: number;
    duration: number;
    references: { refType: string; spanID: string }[];
    tags: Tag[];
  }[];
  processes: Record<string, { tags: Tag[] }>;
}
interface Tag {
  key: string;
  value: string | number | boolean;
}

/** What the SDK and Jaeger add themselves, and says nothing here. */
const HIDDEN = new Set(['otel.scope.name', 'otel.scope.version', 'error', 'otel.status_code']);

export function toTrace({ traceID, spans, processes }: JaegerTrace): Trace {
  const known = new Set(spans.map(({ spanID }) => spanID));
  return {
    id: traceID,
    spans: spans.map((span) => {
      const tags = new Map(span.tags.map(({ key, value }) => [key, String(value)]));
      const parentId = span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
      return {
        id: span.spanID,
        parentId: parentId !== undefined && known.has(parentId) ? parentId : undefined,
        name: span.operationName,
        ase: tagValue(processes[span.processID]?.tags, 'service.instance.id') ?? 'unknown',
        startMs: span.startTime / 1000,
        durationMs: span.duration / 1000,
        attributes: Object.fromEntries([...tags].filter(([key]) => !HIDDEN.has(key))),
        error: tags.get('error') === 'true' ? (tags.get('error.type') ?? 'error') : undefined,
      };
    }),
  };
}

const tagValue = (tags: Tag[] | undefined, key: string): string | undefined => {
  const value = tags?.find((tag) => tag.key === key)?.value;
  return value === undefined ? undefined : String(value);
};

async function ask(path: string): Promise<JaegerTrace[]> {
  const response = await fetch(`${PROXY}/${path}`, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new Error('The dashboard server does not answer. Is the playground up?');
  });
  const body = (await response.json().catch(() => undefined)) as
    | { data?: JaegerTrace[] | null; message?: string; error?: string; errors?: { msg?: string }[] | null }
    | undefined;
  if (response.ok) return body?.data ?? [];
  const isMissingTrace = response.status === 404 && body?.errors?.length;
  if (isMissingTrace) return [];
  if (response.status === 404)
    throw new Error('There is no Jaeger in this playground: ./playground up without --core brings one.');
  throw new Error(body?.error ?? body?.message ?? `Jaeger answered ${response.status}`);
}
