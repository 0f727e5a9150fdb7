/**
 * Packets from one ASE to another over loopback HTTP, with network telemetry and without, in turn. Its one argument is
 * a NetworkOrder as JSON. The sender is one process for both sides, so that what the machine does besides meets both;
 * it writes one NetworkRound as a JSON line for each round. The receiver writes where it listens and ends with its stdin.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import { deserializeIlpReply, isFulfill, serializeIlpPrepare } from 'ilp-packet';
import { createConnector } from '../../../apps/ase/src/connector/connector.ts';
import {
  EUR,
  fixedRate,
  openReceiver,
  peer,
  prepareOf,
  silent,
} from '../../../apps/ase/src/connector/testing.ts';
import type { PeerLink } from '../../../apps/ase/src/connector/types.ts';
import { createIlpHandler } from '../../../apps/ase/src/ilp/handler.ts';
import { createPeerLink } from '../../../apps/ase/src/ilp/peerLink.ts';
import { createLedger } from '../../../apps/ase/src/ledger/ledger.ts';
import { createNetworkTelemetry } from '../../../apps/ase/src/telemetry/network/network.ts';
import { defineNetworkTables } from '../../../apps/ase/src/telemetry/network/outbox.ts';
import { startFakeCollector } from '../../../apps/ase/src/telemetry/network/testing.ts';
import { createOperatorTelemetry } from '../../../apps/ase/src/telemetry/operatorMetrics.ts';

export type NetworkOrder =
  | { role: 'receiver'; ledgerFile: string }
  | { role: 'sender'; ledgerFolder: string; place: NetworkPlace; packets: number; rounds: number };

/** Where the receiver is, and a collector that takes everything. */
export interface NetworkPlace {
  ilpUrl: string;
  collectorUrl: string;
}

/** Packets per second of one round. */
export interface NetworkRound {
  on: number;
  off: number;
}

const CONCURRENCY = 32;
/** Packets of one side before it is the other's turn; a round is a multiple of it. */
const BURST = 250;
const PACKET_UNITS = '1234';
/** An export begins after the release and has ended by then. */
const EXPORT_WITHIN_MS = 60;
const TOKEN = 'token-of-the-bench';

function metricsOf(aseName: string, peerIds: string[]) {
  const peers = peerIds.map((id) => ({ id, assetCode: 'USD' }));
  const none = { endpoint: '', exportIntervalMs: 1_000, ledgerTotals: [], onError() {} };
  return createOperatorTelemetry({ ...none, aseName, assets: ['EUR'], peers }).metrics;
}

async function receive(ledgerFile: string): Promise<void> {
  const ledger = createLedger({ file: ledgerFile });
  const sender = peer('sender', { creditLimitUnits: 10n ** 15n });
  const connector = createConnector({
    ilpAddress: 'test.receiver',
    asset: EUR,
    peers: [sender],
    links: new Map<string, PeerLink>(),
    ledger,
    rates: fixedRate({ numerator: 91n, denominator: 100n }),
    receiver: openReceiver('test.receiver', EUR),
    metrics: metricsOf('receiver', ['sender']),
    log: silent,
  });
  await connector.recover();
  await ledger.commit((tx) =>
    tx.openAccount({ id: 'wallet:bob', ...EUR, minBalanceUnits: 0n, maxBalanceUnits: null }),
  );
  const app = express();
  app.post('/ilp', createIlpHandler({ connector, peers: [{ peer: sender, token: TOKEN }] }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { url: collectorUrl } = await startFakeCollector();
  const { port } = server.address() as AddressInfo;
  const place: NetworkPlace = { ilpUrl: `http://127.0.0.1:${port}/ilp`, collectorUrl };
  process.stdout.write(`${JSON.stringify(place)}\n`);
  await once(process.stdin.resume(), 'end');
  process.exit(0);
}

/** Sends packets of a payment through a connector of its own; with network telemetry when there is a collector for it. */
async function createSender(ledgerFile: string, ilpUrl: string, collectorUrl: string | undefined) {
  const ledger = createLedger({ file: ledgerFile });
  defineNetworkTables(ledger);
  const rates = fixedRate({ numerator: 110n, denominator: 100n });
  const metrics = metricsOf('sender', ['receiver']);
  const network =
    collectorUrl === undefined
      ? undefined
      : createNetworkTelemetry({
          settings: {
            enabled: true,
            network: 'testnet',
            instanceName: 'sender',
            collectorUrls: [collectorUrl],
            exportIntervalMs: 5_000,
            externalRatesUrl: '',
            privacy: { mechanism: 'unbiased', epsilon: 1, clipUnits: 1_250_000n },
          },
          ledger,
          rates: [rates],
          metrics,
          onError() {},
        });
  const connector = createConnector({
    ilpAddress: 'test.sender',
    asset: EUR,
    peers: [peer('receiver', { ...EUR, assetCode: 'USD' })],
    links: new Map([['receiver', createPeerLink({ url: ilpUrl, token: TOKEN })]]),
    ledger,
    rates,
    receiver: openReceiver('test.sender', EUR),
    metrics,
    network,
    log: silent,
  });
  await connector.recover();
  const account = { id: 'payment:bench', ...EUR, minBalanceUnits: 0n, maxBalanceUnits: null } as const;
  const legs = [{ debit: 'external:EUR', credit: account.id, amountUnits: 10n ** 12n } as const];
  await ledger.commit((tx) => {
    tx.openAccount(account);
    tx.transfer({ id: 'opening:bench', legs });
  });
  const source = { accountId: account.id, ilpAddress: 'test.sender.bench', ...EUR };

  async function sendSome(packets: { left: number }): Promise<void> {
    while (packets.left > 0) {
      packets.left -= 1;
      const prepare = prepareOf({ amount: PACKET_UNITS, destination: 'test.receiver.bob' });
      const reply = await connector.handle(source, serializeIlpPrepare(prepare));
      if (!isFulfill(deserializeIlpReply(reply))) throw new Error('a packet was rejected');
    }
  }

  return {
    /** Sends so many packets; in milliseconds. */
    async burst(count: number): Promise<number> {
      const startedAtMs = performance.now();
      const packets = { left: count };
      await Promise.all(Array.from({ length: CONCURRENCY }, () => sendSome(packets)));
      return performance.now() - startedAtMs;
    },
    /** What comes once an export interval: the release, and the processor time of the export. In milliseconds. */
    async tick(): Promise<number> {
      const startedAtMs = performance.now();
      await network?.tick();
      const releasedMs = performance.now() - startedAtMs;
      const before = process.cpuUsage();
      await delay(EXPORT_WITHIN_MS);
      const { user, system } = process.cpuUsage(before);
      return releasedMs + (user + system) / 1000;
    },
  };
}

/** The two sides take turns within a round, a fraction of a second each, so that both meet the same machine. */
async function send({ ledgerFolder, place, packets, rounds }: Extract<NetworkOrder, { role: 'sender' }>) {
  const sides = {
    on: await createSender(`${ledgerFolder}/on.sqlite`, place.ilpUrl, place.collectorUrl),
    off: await createSender(`${ledgerFolder}/off.sqlite`, place.ilpUrl, undefined),
  };
  const names = ['on', 'off'] as const;
  // In the first round things are compiled and filled that are not the matter here.
  for (let round = 0; round <= rounds; round++) {
    const spentMs = { on: 0, off: 0 };
    for (let sent = 0; sent < packets; sent += BURST) {
      const isEven = (sent / BURST + round) % 2 === 0;
      for (const name of isEven ? names : names.toReversed()) {
        spentMs[name] += await sides[name].burst(BURST);
      }
    }
    for (const name of names) spentMs[name] += await sides[name].tick();
    const perSecond = (ms: number) => packets / (ms / 1000);
    const result: NetworkRound = { on: perSecond(spentMs.on), off: perSecond(spentMs.off) };
    if (round > 0) process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  process.exit(0);
}

const order: NetworkOrder = JSON.parse(process.argv[2] ?? '');
await (order.role === 'receiver' ? receive(order.ledgerFile) : send(order));
