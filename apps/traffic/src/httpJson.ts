// Not imported: an import of node:http also loads fetch, 14 MiB that this small process never uses.
const { Agent, request: httpRequest } = process.getBuiltinModule('node:http');

export interface JsonRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs: number;
}

export interface JsonAnswer {
  status: number;
  body: unknown;
}

export interface HttpJson {
  /** Sends one request. Rejects when no whole JSON answer comes in time. */
  send(request: JsonRequest): Promise<JsonAnswer>;
  close(): void;
}

const MAX_ANSWER_BYTES = 1024 * 1024;

/** JSON over HTTP on kept connections: node:http needs a fraction of the memory of fetch(), and this process is small. */
export function createHttpJson(maxSockets = 16): HttpJson {
  const agent = new Agent({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets });

  function send({ method, url, body, headers, timeoutMs }: JsonRequest): Promise<JsonAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(url, {
        method,
        agent,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          accept: 'application/json',
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
          ...headers,
        },
      });
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => {
        let answer = '';
        incoming.setEncoding('utf8');
        incoming.once('error', reject);
        incoming.on('data', (chunk: string) => {
          answer += chunk;
          if (answer.length > MAX_ANSWER_BYTES) outgoing.destroy(new Error(`${url} answers too much`));
        });
        incoming.once('end', () => {
          try {
            resolve({
              status: incoming.statusCode ?? 0,
              body: answer === '' ? undefined : JSON.parse(answer),
            });
          } catch {
            reject(new Error(`${url} answers ${incoming.statusCode} without JSON`));
          }
        });
      });
      outgoing.end(text);
    });
  }

  return { send, close: () => agent.destroy() };
}
