interface Readable {
  path: RegExp;
  methods: string[];
}

/**
 * Which requests to Prometheus are only reading. Everything that is not named here is refused: administration,
 * writing, reloading, and every endpoint that a future Prometheus may add.
 */
export const PROMETHEUS_READS: readonly Readable[] = [
  { path: /^\/api\/v1\/(query|query_range|query_exemplars|format_query)$/, methods: ['GET', 'POST'] },
  { path: /^\/api\/v1\/(series|labels)$/, methods: ['GET', 'POST'] },
  { path: /^\/api\/v1\/label\/[A-Za-z_][A-Za-z0-9_]{0,199}\/values$/, methods: ['GET'] },
  { path: /^\/api\/v1\/metadata$/, methods: ['GET'] },
];

/** Those to Jaeger: searching for traces, and one trace by its id. */
export const JAEGER_READS: readonly Readable[] = [
  { path: /^\/api\/(traces|services)$/, methods: ['GET'] },
  { path: /^\/api\/traces\/[0-9a-f]{32}$/, methods: ['GET'] },
];

export type Verdict = { allowed: true } | { allowed: false; status: 404 | 405; allow: string };

/**
 * Judges a request by method and raw path, before any decoding. As the path must be one of a few plain
 * strings, an escaped slash, a dot segment or a doubled slash matches nothing.
 */
export function judge(reads: readonly Readable[], method: string | undefined, path: string): Verdict {
  const endpoint = reads.find((candidate) => candidate.path.test(path));
  if (!endpoint) return { allowed: false, status: 404, allow: '' };
  if (endpoint.methods.includes(method ?? '')) return { allowed: true };
  return { allowed: false, status: 405, allow: endpoint.methods.join(', ') };
}

/** A query string that can go on the wire as it is: printable ASCII without space. */
export const isPlainSearch = (search: string): boolean => /^[\x21-\x7e]*$/.test(search);
