import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { deserializeIlpPrepare, serializeIlpFulfill } from 'ilp-packet';
import { createConnector } from '../../../apps/ase/src/connector/connector.ts';
import {
  EUR,
  fixedRate,
  openReceiver as openWallets,
  peer,
  silent,
} from '../../../apps/ase/src/connector/testing.ts';
import type { PeerLink } from '../../../apps/ase/src/connector/types.ts';
import { createIlpHandler } from '../../../apps/ase/src/ilp/handler.ts';
import { createLedger } from '../../../apps/ase/src/ledger/ledger.ts';
import {
  type ConnectorSide,
  type Listening,
  RECEIVER_PATHS,
  type ReceiverCpu,
  type ReceiverOrder,
  TOKEN,
} from './packetOrder.ts';
import { openTelemetry, type SideTelemetry } from './packetTelemetry.ts';

/** One end of one side. Each has its own: a ledger that grew by another side's packets would be slower. */
interface Receiver {
  app: Express;
  telemetry: SideTelemetry;
}

/** Takes packets at `/<side>` and does what RECEIVER_PATHS say. */
export async function openReceiver({ ledgerFolder, collectorUrl, sides }: ReceiverOrder): Promise<Listening> {
  const receivers = new Map<string, Receiver>();
  for (const side of sides) {
    if (side === 'bare') continue;
    const telemetry = openTelemetry(side, { aseName: 'receiver', peer: 'sender', collectorUrl });
    receivers.set(side, { app: await createApp(side, ledgerFolder, telemetry), telemetry });
  }
  const answerAsked = async (url: string, response: ServerResponse) => {
    const ofSide = (path: string) =>
      url.startsWith(path) ? receivers.get(url.slice(path.length)) : undefined;
    await ofSide(RECEIVER_PATHS.flush)?.telemetry.flushSpans();
    ofSide(RECEIVER_PATHS.tick)?.telemetry.exportMetrics();
    const { user, system } = process.cpuUsage();
    response.end(JSON.stringify({ cpuMs: (user + system) / 1000 } satisfies ReceiverCpu));
  };
  const server = createServer((request, response) => {
    const { url = '' } = request;
    const receiver = receivers.get(url.slice(1));
    if (receiver) receiver.app(request, response);
    else if (url === '/bare') answerBare(request, response);
    else void answerAsked(url, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function answerBare(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { data } = deserializeIlpPrepare(Buffer.concat(chunks));
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(serializeIlpFulfill({ fulfillment: Buffer.alloc(32), data }));
  });
}

async function createApp(
  side: ConnectorSide,
  ledgerFolder: string,
  { metrics, tracing }: SideTelemetry,
): Promise<Express> {
  const ledger = createLedger({ file: `${ledgerFolder}/${side}.sqlite` });
  const sender = peer('sender', { creditLimitUnits: 10n ** 15n });
  const connector = createConnector({
    ilpAddress: 'test.receiver',
    asset: EUR,
    peers: [sender],
    links: new Map<string, PeerLink>(),
    ledger,
    rates: fixedRate({ numerator: 91n, denominator: 100n }),
    receiver: openWallets('test.receiver', EUR),
    metrics,
    traced: tracing !== undefined,
    log: silent,
  });
  await connector.recover();
  await ledger.commit((tx) =>
    tx.openAccount({ id: 'wallet:bob', ...EUR, minBalanceUnits: 0n, maxBalanceUnits: null }),
  );
  const app = express();
  app.post(`/${side}`, createIlpHandler({ connector, peers: [{ peer: sender, token: TOKEN }], tracing }));
  return app;
}
