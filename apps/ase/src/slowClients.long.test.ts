import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './ledger/testing.ts';
import { soloEnvironment } from './testSolo.ts';

/** Nearly as many as may connect: whoever looks after the ASE needs some. */
const CLIENTS = 900;
/** Less than the 96 of the playground: without peers, telemetry and payments an ASE needs less of it. */
const HEAP_MIB = 72;
const HEAD = 'POST /quotes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const SHORT_BODY = 'content-length: 10\r\n\r\n';
const ATTACKS: Record<string, string> = {
  'all but the last byte of a body': `${HEAD}content-length: 60000\r\n\r\n${' '.repeat(59_999)}`,
  'as many headers as fit': `${HEAD}${headers(700, 8)}${SHORT_BODY}`,
  'headers that are long': `${HEAD}${headers(90, 150)}${SHORT_BODY}`,
  'headers that do not end': `${HEAD}${headers(700, 8)}`,
};

describe('slow clients, as many as may connect, that each hold as much memory as they can', () => {
  const { folder, remove } = temporaryFolder();
  let port: number;
  const ase = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MIB}`, fileURLToPath(new URL('./main.ts', import.meta.url))],
    { env: soloEnvironment(folder), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(ase, 'close');

  before(async () => {
    let out = '';
    while (!out.includes('Listening')) out += String((await once(ase.stdout, 'data'))[0]);
    port = Number(/"port":(\d+)/.exec(out)![1]);
    ase.stdout.resume();
  });
  after(async () => {
    ase.kill();
    await ended;
    remove();
  });

  for (const [name, bytes] of Object.entries(ATTACKS)) {
    test(name, async () => {
      const sockets: Socket[] = [];
      for (let count = 0; count < CLIENTS; count += 1) {
        sockets.push(hold(port, bytes));
        if (count % 50 === 0) await delay(20);
      }
      await delay(1_000);
      assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
      for (const socket of sockets) socket.destroy();
    });
  }
});

function headers(count: number, valueBytes: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}: ${'x'.repeat(valueBytes)}\r\n`).join('');
}

function hold(port: number, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.write(bytes);
  return socket;
}
