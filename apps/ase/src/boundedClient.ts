import { Agent, request } from 'undici';

export interface BoundedClient {
  /** Rejects when the server does not answer in time or answers with too much. Redirects are answers like others. */
  get(url: string): Promise<{ status: number; body: string }>;
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
  return {
    async get(url) {
      const { statusCode, body } = await request(url, {
        dispatcher: agent,
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: statusCode, body: await body.text() };
    },
    close: () => agent.destroy(),
  };
}
