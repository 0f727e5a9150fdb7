import { createServer, type Server, type Socket } from 'node:net';
import type { BalancerState } from './balancer.ts';

const MAX_REQUEST_BYTES = 4096;
const TIMEOUT_MS = 5000;

/** Tells the state as JSON to every GET: 200 while a replica works, else 503. Small, and so without node:http. */
export function createHealthPage(state: () => BalancerState): Server {
  const server = createServer((socket) => {
    let request = '';
    socket.setEncoding('latin1');
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('error', () => {});
    socket.on('data', (text: string) => {
      request += text;
      if (request.length > MAX_REQUEST_BYTES) socket.destroy();
      else if (request.includes('\r\n\r\n')) answer(socket, request.startsWith('GET ') ? state() : undefined);
    });
  });
  server.maxConnections = 16;
  return server;
}

function answer(socket: Socket, state: BalancerState | undefined): void {
  const status =
    state === undefined ? '405 Method Not Allowed' : state.ok ? '200 OK' : '503 Service Unavailable';
  const body = state === undefined ? '' : JSON.stringify(state);
  socket.removeAllListeners('data');
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'content-type: application/json',
      'cache-control: no-store',
      'connection: close',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
