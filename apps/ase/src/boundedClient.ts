import { Agent, request } from 'undici';

interface Answer {
  status: number;
  body: string;
}

export interface BoundedClient {
  /** Rejects when the server does not answer in time or answers with too much. Redirects are answers like others. */
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  /** The same with a JSON body. */
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/** An HTTP client for other people's servers: it follows no redirect, and bounds time and size of an answer. */
export function createBoundedClient({
  timeoutMs,
  maxBytes,
}: {
  timeoutMs: number;
  maxBytes: number;
}): BoundedClient {
  const agent = new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxBytes,
  });
  async function send(url: string, headers: Record<string, string>, json?: string): Promise<Answer> {
    const { statusCode, body } = await request(url, {
      dispatcher: agent,
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      ...(json !== undefined && { method: 'POST', body: json }),
    });
    return { status: statusCode, body: await body.text() };
  }
  return {
    get: (url, headers = {}) => send(url, headers),
    post: (url, body, headers = {}) =>
      send(url, { 'content-type': 'application/json', ...headers }, JSON.stringify(body)),
    close: () => agent.destroy(),
  };
}
