import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const PROGRAM = `
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => console.log(server.address().port));
`;
const MAX_WAITING = 64;
const TAKEN_WITHIN_MS = 300;

/**
 * A server that takes no more connections, as behind a firewall that drops packets: its process is frozen and
 * its backlog is full, so that the system does not answer a new one.
 */
export async function startDeafServer(t: TestContext): Promise<string> {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const waiting: Socket[] = [];
  t.after(() => {
    child.kill('SIGKILL');
    for (const socket of waiting) socket.destroy();
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(chunk.toString());
  child.kill('SIGSTOP');
  while (waiting.length < MAX_WAITING) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    waiting.push(socket);
    const isTaken = await Promise.race([
      once(socket, 'connect').then(() => true),
      delay(TAKEN_WITHIN_MS, false),
    ]);
    if (!isTaken) return `http://127.0.0.1:${port}`;
  }
  throw new Error(`the backlog of the frozen server took ${MAX_WAITING} connections`);
}
