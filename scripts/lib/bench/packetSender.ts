import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { deserializeIlpReply, isFulfill, serializeIlpPrepare } from 'ilp-packet';
import { createConnector } from '../../../apps/ase/src/connector/connector.ts';
import {
  EUR,
  fixedRate,
  openReceiver as openWallets,
  peer,
  prepareOf,
  silent,
} from '../../../apps/ase/src/connector/testing.ts';
import type { RatesSource } from '../../../apps/ase/src/connector/types.ts';
import { createPeerLink } from '../../../apps/ase/src/ilp/peerLink.ts';
import { createLedger } from '../../../apps/ase/src/ledger/ledger.ts';
import type { Ledger } from '../../../apps/ase/src/ledger/types.ts';
import { createNetworkTelemetry } from '../../../apps/ase/src/telemetry/network/network.ts';
import { defineNetworkTables } from '../../../apps/ase/src/telemetry/network/outbox.ts';
import type { TraceParent, TraceSpan, Tracing } from '../../../apps/ase/src/tracing/tracing.ts';
import {
  type ConnectorSide,
  type PairRound,
  type PairSide,
  RECEIVER_PATHS,
  type ReceiverCpu,
  type SenderOrder,
  TOKEN,
} from './packetOrder.ts';
import { openTelemetry, type SideTelemetry } from './packetTelemetry.ts';

/** Packets under way. */
const CONCURRENCY = 128;
/** Packets of one side before it is the next one's turn; a round is a multiple of it. */
const BURST = 1_000;
const PACKET_UNITS = '1234';
/** About what a payment of a thousand dollars takes. */
const PACKETS_A_PAYMENT = 10;
/** Exports of metrics go out when a side's turn of a round is over, and have ended by then. */
const EXPORT_WITHIN_MS = 60;

/** A way to send packets, until each was fulfilled. */
interface Sender {
  sendOne(): Promise<void>;
  /** Sends the spans that are left; resolves when the collector has them. */
  flushSpans(): Promise<void>;
  /** What comes once an export interval; resolves after a release, while exports are still under way. */
  tick(): Promise<void>;
}

/** What one side took so far in a round. */
interface Spent {
  ms: number;
  cpuMs: number;
  receiverCpuMs: number;
}

/** The sides take turns within a round, a fraction of a second each, so that all meet the same machine. */
export async function* send(order: SenderOrder): AsyncGenerator<PairRound> {
  const { sides, packets, rounds } = order;
  const senders = new Map<PairSide, Sender>();
  for (const side of sides) {
    senders.set(side, side === 'bare' ? createBareSender(order) : await createConnectorSender(side, order));
  }
  // In the first round things are compiled and filled that are not the matter here.
  for (let round = 0; round <= rounds; round++) {
    const spent = new Map(sides.map((side) => [side, { ms: 0, cpuMs: 0, receiverCpuMs: 0 }]));
    for (let sent = 0, turn = round; sent < packets; sent += BURST, turn += 1) {
      for (const side of inTurn(sides, turn))
        await takeTurn(side, senders.get(side)!, spent.get(side)!, order);
    }
    for (const side of sides) await tick(side, senders.get(side)!, spent.get(side)!, order);
    if (round > 0) yield resultOf(spent, packets);
  }
}

/**
 * A burst of packets, and after it the spans that are left of them. An ASE sends those while it handles other packets,
 * so of that time only what the busier of the two ends had to do counts.
 */
async function takeTurn(side: PairSide, sender: Sender, spent: Spent, { receiverUrl }: SenderOrder) {
  const before = await cpuOfBoth(receiverUrl);
  const startedAtMs = performance.now();
  await burst(sender, BURST);
  spent.ms += performance.now() - startedAtMs;
  const sent = await cpuOfBoth(receiverUrl);
  await Promise.all([sender.flushSpans(), ask(receiverUrl, `${RECEIVER_PATHS.flush}${side}`)]);
  const flushed = await cpuOfBoth(receiverUrl);
  spent.ms += Math.max(flushed.here - sent.here, flushed.there - sent.there);
  spent.cpuMs += flushed.here - before.here;
  spent.receiverCpuMs += flushed.there - before.there;
}

/** A release and the exports. An ASE goes on with packets while these wait for disk and collector: as in takeTurn. */
async function tick(side: PairSide, sender: Sender, spent: Spent, { receiverUrl }: SenderOrder) {
  const before = await cpuOfBoth(receiverUrl);
  await sender.tick();
  await ask(receiverUrl, `${RECEIVER_PATHS.tick}${side}`);
  await delay(EXPORT_WITHIN_MS);
  const exported = await cpuOfBoth(receiverUrl);
  spent.ms += Math.max(exported.here - before.here, exported.there - before.there);
  spent.cpuMs += exported.here - before.here;
  spent.receiverCpuMs += exported.there - before.there;
}

function resultOf(spent: ReadonlyMap<PairSide, Spent>, packets: number): PairRound {
  return Object.fromEntries(
    [...spent].map(([side, { ms, cpuMs, receiverCpuMs }]) => [
      side,
      {
        perSecond: packets / (ms / 1000),
        cpuMicroseconds: (cpuMs * 1000) / packets,
        receiverCpuMicroseconds: (receiverCpuMs * 1000) / packets,
      },
    ]),
  );
}

/**
 * Each side comes first as often as the others, and behind each of the others: what one leaves behind, garbage above all, is
 * on the account of whoever comes next.
 */
const inTurn = (sides: readonly PairSide[], turn: number): PairSide[] => {
  const first = turn % sides.length;
  const order = [...sides.slice(first), ...sides.slice(0, first)];
  return Math.floor(turn / sides.length) % 2 === 0 ? order : order.toReversed();
};

/** So many packets, some at once. */
async function burst({ sendOne }: Sender, count: number): Promise<void> {
  let left = count;
  const sendSome = async () => {
    while (left > 0) {
      left -= 1;
      await sendOne();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sendSome));
}

/** The processor time of both processes since their start, in milliseconds. */
async function cpuOfBoth(receiverUrl: string): Promise<{ here: number; there: number }> {
  const there = await ask(receiverUrl, RECEIVER_PATHS.cpu);
  const { user, system } = process.cpuUsage();
  return { here: (user + system) / 1000, there };
}

async function ask(receiverUrl: string, path: string): Promise<number> {
  const response = await fetch(`${receiverUrl}${path}`);
  return ((await response.json()) as ReceiverCpu).cpuMs;
}

function createBareSender({ receiverUrl }: SenderOrder): Sender {
  const link = createPeerLink({ url: `${receiverUrl}/bare`, token: TOKEN });
  return {
    async sendOne() {
      const prepare = prepareOf({
        amount: PACKET_UNITS,
        destination: 'test.receiver.bob',
        data: randomBytes(32),
      });
      assertFulfilled(await link.ask(serializeIlpPrepare(prepare), { timeoutMs: 30_000 }));
    },
    async flushSpans() {},
    async tick() {},
  };
}

/** Sends packets of a payment through a connector of its own. */
async function createConnectorSender(
  side: ConnectorSide,
  { ledgerFolder, receiverUrl, collectorUrl }: SenderOrder,
): Promise<Sender> {
  const ledger = createLedger({ file: `${ledgerFolder}/${side}.sqlite` });
  defineNetworkTables(ledger);
  const rates = fixedRate({ numerator: 110n, denominator: 100n });
  const telemetry = openTelemetry(side, { aseName: 'sender', peer: 'receiver', collectorUrl });
  const { metrics, tracing, flushSpans, exportMetrics } = telemetry;
  const network = side === 'network' ? openNetwork(ledger, rates, telemetry, collectorUrl) : undefined;
  const nextTrace = tracing ? traceOfPayments(tracing) : () => undefined;
  const connector = createConnector({
    ilpAddress: 'test.sender',
    asset: EUR,
    peers: [peer('receiver', { ...EUR, assetCode: 'USD' })],
    links: new Map([['receiver', createPeerLink({ url: `${receiverUrl}/${side}`, token: TOKEN })]]),
    ledger,
    rates,
    receiver: openWallets('test.sender', EUR),
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
    flushSpans,
    async tick() {
      await network?.tick();
      // Not waited for: an ASE does not either. The processor time of the export is measured with what follows.
      exportMetrics();
    },
  };
}

function openNetwork(
  ledger: Ledger,
  rates: RatesSource,
  { metrics }: SideTelemetry,
  collectorUrl: string,
): ReturnType<typeof createNetworkTelemetry> {
  return createNetworkTelemetry({
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

function assertFulfilled(reply: Buffer): void {
  if (!isFulfill(deserializeIlpReply(reply))) throw new Error('a packet was rejected');
}
