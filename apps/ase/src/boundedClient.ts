import { Agent, type Dispatcher, request } from 'undici';

export interface BoundedClient {
  /** Rejects when the server does not answer in time or answers with too much. Redirects are answers like others. */
  get(url: string): Promise<{ status: number; body: string }>;
  /** The same for a body of JSON that is sent. */
  post(url: string, json: string): Promise<{ status: number; body: string }>;
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
  const ask = async (url: string, sent: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>) => {
    const { statusCode, body } = await request(url, {
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      ...sent,
    });
    return { status: statusCode, body: await body.text() };
  };
  return {
    get: (url) => ask(url, { method: 'GET', headers: { accept: 'application/json' } }),
    post: (url, json) =>
      ask(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: json }),
    close: () => agent.destroy(),
  };
}
