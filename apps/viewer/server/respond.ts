import type { ServerResponse } from 'node:http';

/** JSON that must not be kept, as it tells how things are now. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

/** A refusal or failure, as Grafana words it. */
export const sendMessage = (response: ServerResponse, status: number, message: string): void =>
  sendJson(response, status, { message });
