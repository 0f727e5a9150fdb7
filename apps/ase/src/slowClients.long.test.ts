import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './ledger/testing.ts';
import { slowClients, UNFINISHED } from './testSlowClients.ts';
import { soloEnvironment } from './testSolo.ts';

/** Nearly as many as may connect: whoever looks after the ASE needs some. */
const CLIENTS = 900;
/** Less than the 96 of the playground: without peers, telemetry and payments an ASE needs less of it. */
const HEAP_MIB = 72;

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

  for (const [name, bytes] of Object.entries(UNFINISHED)) {
    test(`that never end ${name}`, async () => {
      const sockets = await slowClients(CLIENTS, port, bytes);
      assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
      for (const socket of sockets) socket.destroy();
    });
  }
});
