import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { until } from '../../../prometheus/testing/program.ts';
import { addressOf, exportPublicKey, signTransaction } from './wire.ts';

test('kill -9 of the chains loses no transaction that they took, and does none twice', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'chain-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(`${folder}/secrets.json`, JSON.stringify({ adminToken: 'the-admin-token-of-tests' }));
  const env = {
    CHAIN_PORT: String(port),
    CHAIN_FILE: `${folder}/chains.sqlite`,
    CHAIN_SECRETS_FILE: `${folder}/secrets.json`,
  };
  const start = (): ChildProcess =>
    spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], { env, stdio: 'ignore' });
  const kill = async (child: ChildProcess) => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const key = generateKeyPairSync('ed25519').privateKey;
  const publicKey = exportPublicKey(key);
  const from = addressOf('evm', publicKey);
  const common = { from, publicKey, token: 'USD' };
  const faucet = { ...common, id: `${from}:1`, kind: 'faucet', amount: '1000' } as const;
  const open = {
    ...common,
    id: `${from}:2`,
    kind: 'open',
    channel: 'c'.repeat(32),
    to: from,
    amount: '300',
  } as const;
  let child = start();
  try {
    await until('it answers', async () => (await fetch(`${url}/health`)).ok);
    for (const one of [faucet, open]) {
      const body = JSON.stringify(signTransaction('evm', one, key));
      assert.equal((await fetch(`${url}/evm/transactions`, { method: 'POST', body })).status, 202);
    }
    // Once while both wait, and once in the middle of their blocks.
    for (let kills = 0; kills < 2; kills++) {
      await kill(child);
      child = start();
      await until('it is back', async () => (await fetch(`${url}/health`)).ok);
    }
    await until('both are final', async () => {
      const answer = await fetch(`${url}/evm/transactions/${open.id}`);
      return ((await answer.json()) as { state: string }).state === 'final';
    });
    const balance = await fetch(`${url}/evm/balances/${from}?token=USD`);
    assert.equal(((await balance.json()) as { units: string }).units, String(1000 - 300 - 4));
    assert.deepEqual(await (await fetch(`${url}/audit`)).json(), { problems: [] });
  } finally {
    await kill(child);
    rmSync(folder, { recursive: true, force: true });
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
