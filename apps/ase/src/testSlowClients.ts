import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const HEAD = 'POST /quotes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const SHORT_BODY = 'content-length: 10\r\n\r\n';
/** Nearly as much as is read. */
const BODY_BYTES = 65_000;

/** What a client can send without what comes last, by what that is. */
export const UNFINISHED = {
  'a body': `${HEAD}content-length: ${BODY_BYTES}\r\n\r\n${' '.repeat(BODY_BYTES - 1)}`,
  'a short body after many headers': `${HEAD}${headers(700, 8)}${SHORT_BODY}`,
  'a short body after long headers': `${HEAD}${headers(90, 60)}${SHORT_BODY}`,
  'a short body after very long headers': `${HEAD}${headers(90, 150)}${SHORT_BODY}`,
  'many headers': `${HEAD}${headers(700, 8)}`,
  'long headers': `${HEAD}${headers(90, 60)}`,
} as const;

/** A client that sends what it is given, and nothing more until it is destroyed. */
export function slowClient(port: number, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.write(bytes);
  return socket;
}

/** So many of them, when the server has had the time to read what they sent. */
export async function slowClients(count: number, port: number, bytes: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let made = 0; made < count; made += 1) {
    sockets.push(slowClient(port, bytes));
    // A listener's queue is short, and what it turns away takes no memory.
    if (made % 50 === 0) await delay(20);
  }
  await delay(1_000);
  return sockets;
}

function headers(count: number, valueBytes: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}: ${'x'.repeat(valueBytes)}\r\n`).join('');
}
