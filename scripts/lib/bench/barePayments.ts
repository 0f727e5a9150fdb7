/**
 * Bare payments: @interledger/pay against a bare receiver over loopback HTTP, quote and payment, several at a time.
 * Its one argument is a BareOrder as JSON. Ends with exit code 0 when all have arrived.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { closeConnection, pay, type QuoteOptions, setupPayment, startQuote } from '@interledger/pay';
import { Pool } from 'undici';
import type { BareReceiver } from './bareReceiver.ts';

export interface BareOrder {
  amountsUnits: string[];
  concurrency: number;
}

const { amountsUnits, concurrency } = JSON.parse(process.argv[2] ?? '') as BareOrder;
const asset = { code: 'USD', scale: 2 };
const child = spawn(
  process.execPath,
  [path.join(import.meta.dirname, 'bareReceiver.ts'), String(amountsUnits.length)],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const { port, credentials } = await firstLine(child.stdout);
const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 64 });
const plugin: QuoteOptions['plugin'] = {
  async sendData(body) {
    const { body: reply } = await pool.request({ method: 'POST', path: '/', body });
    return Buffer.from(await reply.arrayBuffer());
  },
};

let next = 0;
await Promise.all(Array.from({ length: concurrency }, sendSome));
await pool.close();
child.stdin.end();

async function sendSome(): Promise<void> {
  while (next < amountsUnits.length) {
    const index = next++;
    await payOne(credentials[index]!, BigInt(amountsUnits[index]!));
  }
}

async function payOne(
  { ilpAddress, sharedSecret }: BareReceiver['credentials'][number],
  amountToSend: bigint,
): Promise<void> {
  const destination = await setupPayment({
    plugin,
    destinationAddress: ilpAddress,
    sharedSecret: Buffer.from(sharedSecret, 'base64'),
    destinationAsset: asset,
  });
  const quote = await startQuote({
    plugin,
    destination,
    amountToSend,
    sourceAsset: asset,
    slippage: 0.01,
    prices: { USD: 1 },
  });
  const { error, amountDelivered } = await pay({ plugin, destination, quote });
  await closeConnection(plugin, destination);
  if (error || amountDelivered !== amountToSend) throw new Error(error ?? `${amountDelivered} arrived`);
}

async function firstLine(stdout: Readable): Promise<BareReceiver> {
  const lines = createInterface({ input: stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as BareReceiver;
}
