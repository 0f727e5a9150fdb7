/**
 * Packets from one process to another over loopback HTTP, on several sides in turn. Its one argument is a PairOrder as
 * JSON. The sender is one process for all sides, so that what the machine does besides meets each of them; it writes one
 * PairRound as a JSON line for each round. The receiver writes where it listens and ends with its stdin.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import {
  deserializeIlpPrepare,
  deserializeIlpReply,
  isFulfill,
  serializeIlpFulfill,
  serializeIlpPrepare,
} from 'ilp-packet';
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
import { spanExporter } from '../../../apps/ase/src/telemetry/exporter.ts';
import { createNetworkTelemetry } from '../../../apps/ase/src/telemetry/network/network.ts';
import { defineNetworkTables } from '../../../apps/ase/src/telemetry/network/outbox.ts';
import { startFakeCollector } from '../../../apps/ase/src/telemetry/network/testing.ts';
import {
  createOperatorTelemetry,
  type OperatorMetrics,
} from '../../../apps/ase/src/telemetry/operatorMetrics.ts';
import {
  createTracing,
  type TraceParent,
  type TraceSpan,
  type Tracing,
} from '../../../apps/ase/src/tracing/tracing.ts';

/**
 * `network`: an ASE's connector with all telemetry but traces; `operator`: without network telemetry; `traced` and
 * `sampled`: that with traces of every payment, and of one in a hundred; `quiet`: without any telemetry; `bare`: no
 * connector at all, a POST of one packet to a server that answers it.
 */
export type PairSide = 'network' | 'operator' | 'traced' | 'sampled' | 'quiet' | 'bare';

export type PairOrder =
  | { role: 'receiver'; ledgerFolder: string }
  | {
      role: 'sender';
      ledgerFolder: string;
      place: PairPlace;
      packets: number;
      rounds: number;
      sides: PairSide[];
    };

/** Where the receiver is, and a collector that takes everything. */
export interface PairPlace {
  url: string;
  collectorUrl: string;
}

/** Of one side in one round: packets per second, and the sender's processor time in microseconds a packet. */
export interface PairResult {
  perSecond: number;
  cpuMicroseconds: number;
}
export type PairRound = Partial<Record<PairSide, PairResult>>;

const CONCURRENCY = 64;
/** Packets of one side before it is the next one's turn; a round is a multiple of it. */
const BURST = 500;
const PACKET_UNITS = '1234';
/** About what a payment of a thousand dollars takes. */
const PACKETS_A_PAYMENT = 10;
const SAMPLING_RATIOS: Partial<Record<PairSide, number>> = { traced: 1, sampled: 0.01 };
/** Exports go out when a side's turn of a round is over, and have ended by then. */
const EXPORT_WITHIN_MS = 60;
/** So that no export falls into another side's turn. */
const NEVER_MS = 2 ** 31 - 1;
const TOKEN = 'token-of-the-bench';

/** An ASE without telemetry. */
const NO_METRICS: OperatorMetrics = { add() {}, change() {}, record() {}, observe() {} };

async function receive(ledgerFolder: string): Promise<void> {
  const app = express();
  const { url: collectorUrl } = await startFakeCollector(0, { keeps: false });
  for (const [path, withTelemetry, tracing] of [
    ['/telling', true, undefined],
    ['/tracing', true, openTracing('receiver', 1, collectorUrl)],
    ['/quiet', false, undefined],
  ] as const) {
    app.post(path, await createReceiver(`${ledgerFolder}${path}.sqlite`, { withTelemetry, tracing }));
  }
  const server = createServer((request, response) => {
    if (request.url !== '/bare') return void app(request, response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { data } = deserializeIlpPrepare(Buffer.concat(chunks));
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(serializeIlpFulfill({ fulfillment: Buffer.alloc(32), data }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  process.stdout.write(
    `${JSON.stringify({ url: `http://127.0.0.1:${port}`, collectorUrl } satisfies PairPlace)}\n`,
  );
  await once(process.stdin.resume(), 'end');
  process.exit(0);
}

async function createReceiver(
  ledgerFile: string,
  { withTelemetry, tracing }: { withTelemetry: boolean; tracing: Tracing | undefined },
) {
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
    metrics: withTelemetry ? operatorTelemetry('receiver', ['sender']).metrics : NO_METRICS,
    traced: tracing !== undefined,
    log: silent,
  });
  await connector.recover();
  await ledger.commit((tx) =>
    tx.openAccount({ id: 'wallet:bob', ...EUR, minBalanceUnits: 0n, maxBalanceUnits: null }),
  );
  return createIlpHandler({ connector, peers: [{ peer: sender, token: TOKEN }], tracing });
}

function openTracing(aseName: string, samplingRatio: number, endpoint: string): Tracing {
  return createTracing({
    aseName,
    samplingRatio,
    metrics: { add() {} },
    exporters: [spanExporter({ endpoint, timeoutMs: 1_000, onError() {} })],
  });
}

/** As in an ASE: a payment is sampled or not, and its packets go by that. */
function traceOfPayments(tracing: Tracing): () => TraceParent | undefined {
  let packets = 0;
  let payment: TraceSpan | undefined;
  return () => {
    if (packets++ % PACKETS_A_PAYMENT === 0) {
      payment?.end();
      payment = tracing.root('payment');
    }
    return payment;
  };
}

function operatorTelemetry(aseName: string, peerIds: string[], endpoint = '') {
  return createOperatorTelemetry({
    aseName,
    endpoint,
    exportIntervalMs: NEVER_MS,
    ledgerTotals: [],
    assets: ['EUR'],
    peers: peerIds.map((id) => ({ id, assetCode: 'USD' })),
    onError() {},
  });
}

/** A way to send packets, until each was fulfilled. */
interface Sender {
  sendOne(): Promise<void>;
  /** What comes once an export interval; resolves after a release, while exports are still under way. */
  tick(): Promise<void>;
}

function createBareSender({ url }: PairPlace): Sender {
  const link = createPeerLink({ url: `${url}/bare`, token: TOKEN });
  return {
    async sendOne() {
      const prepare = prepareOf({
        amount: PACKET_UNITS,
        destination: 'test.receiver.bob',
        data: randomBytes(32),
      });
      assertFulfilled(await link.ask(serializeIlpPrepare(prepare), { timeoutMs: 30_000 }));
    },
    async tick() {},
  };
}

/** Sends packets of a payment through a connector of its own. */
async function createConnectorSender(
  side: Exclude<PairSide, 'bare'>,
  ledgerFolder: string,
  { url, collectorUrl }: PairPlace,
): Promise<Sender> {
  const ledger = createLedger({ file: `${ledgerFolder}/${side}.sqlite` });
  defineNetworkTables(ledger);
  const rates = fixedRate({ numerator: 110n, denominator: 100n });
  const operator = side === 'quiet' ? undefined : operatorTelemetry('sender', ['receiver'], collectorUrl);
  const metrics = operator?.metrics ?? NO_METRICS;
  const network =
    side === 'network'
      ? createNetworkTelemetry({
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
        })
      : undefined;
  const ratio = SAMPLING_RATIOS[side];
  const tracing = ratio === undefined ? undefined : openTracing('sender', ratio, collectorUrl);
  const nextTrace = tracing ? traceOfPayments(tracing) : () => undefined;
  const path = side === 'quiet' ? '/quiet' : tracing ? '/tracing' : '/telling';
  const connector = createConnector({
    ilpAddress: 'test.sender',
    asset: EUR,
    peers: [peer('receiver', { ...EUR, assetCode: 'USD' })],
    links: new Map([['receiver', createPeerLink({ url: `${url}${path}`, token: TOKEN })]]),
    ledger,
    rates,
    receiver: openReceiver('test.sender', EUR),
    metrics,
    network,
    traced: tracing !== undefined,
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
  return {
    async sendOne() {
      const prepare = prepareOf({ amount: PACKET_UNITS, destination: 'test.receiver.bob' });
      const trace = nextTrace();
      assertFulfilled(await connector.handle(source, serializeIlpPrepare(prepare), { trace }));
    },
    async tick() {
      await network?.tick();
      // Not waited for: an ASE does not either. The processor time of the export is measured with what follows.
      void operator?.forceFlush();
      void tracing?.flush();
    },
  };
}

function assertFulfilled(reply: Buffer): void {
  if (!isFulfill(deserializeIlpReply(reply))) throw new Error('a packet was rejected');
}

/** So many packets, some at once; in milliseconds. */
async function burst({ sendOne }: Sender, count: number): Promise<number> {
  const startedAtMs = performance.now();
  let left = count;
  const sendSome = async () => {
    while (left > 0) {
      left -= 1;
      await sendOne();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sendSome));
  return performance.now() - startedAtMs;
}

/** A release, and the processor time of the exports; in milliseconds. */
async function tick(sender: Sender): Promise<number> {
  const startedAtMs = performance.now();
  await sender.tick();
  const releasedMs = performance.now() - startedAtMs;
  const before = process.cpuUsage();
  await delay(EXPORT_WITHIN_MS);
  return releasedMs + cpuMsSince(before);
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The sides take turns within a round, a fraction of a second each, so that all meet the same machine. */
async function send({ ledgerFolder, place, packets, rounds, sides }: Extract<PairOrder, { role: 'sender' }>) {
  const senders = new Map<PairSide, Sender>();
  for (const side of sides) {
    senders.set(
      side,
      side === 'bare' ? createBareSender(place) : await createConnectorSender(side, ledgerFolder, place),
    );
  }
  // In the first round things are compiled and filled that are not the matter here.
  for (let round = 0; round <= rounds; round++) {
    const spent = new Map(sides.map((side) => [side, { ms: 0, cpuMs: 0 }]));
    for (let sent = 0, turn = round; sent < packets; sent += BURST, turn += 1) {
      for (const side of rotated(sides, turn)) {
        const before = process.cpuUsage();
        spent.get(side)!.ms += await burst(senders.get(side)!, BURST);
        spent.get(side)!.cpuMs += cpuMsSince(before);
      }
    }
    for (const side of sides) {
      const before = process.cpuUsage();
      spent.get(side)!.ms += await tick(senders.get(side)!);
      spent.get(side)!.cpuMs += cpuMsSince(before);
    }
    const result: PairRound = Object.fromEntries(
      [...spent].map(([side, { ms, cpuMs }]) => [
        side,
        { perSecond: packets / (ms / 1000), cpuMicroseconds: (cpuMs * 1000) / packets },
      ]),
    );
    if (round > 0) process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  process.exit(0);
}

/** Each side comes first as often as the others. */
const rotated = (sides: readonly PairSide[], turn: number): PairSide[] => {
  const first = turn % sides.length;
  return [...sides.slice(first), ...sides.slice(0, first)];
};

const order: PairOrder = JSON.parse(process.argv[2] ?? '');
await (order.role === 'receiver' ? receive(order.ledgerFolder) : send(order));
