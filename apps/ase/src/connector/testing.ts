import { randomBytes } from 'node:crypto';
import {
  deserializeIlpPrepare,
  deserializeIlpReply,
  type IlpPrepare,
  type IlpReply,
  serializeIlpPrepare,
  serializeIlpReply,
} from 'ilp-packet';
import { createLedger } from '../ledger/ledger.ts';
import type { AccountId, Ledger, LedgerTx } from '../ledger/types.ts';
import { type ConnectorOptions, createConnector } from './connector.ts';
import type { Ratio } from './conversion.ts';
import { createPacket, type Destination, type Next, type Packet, type Step, sha256 } from './packet.ts';
import type { Log } from './services.ts';
import type { Metrics } from './telemetry.ts';
import type {
  AskOptions,
  LocalDestination,
  LocalReceiver,
  PacketSource,
  Peer,
  PeerLink,
  RatesSource,
} from './types.ts';

const USD = { assetCode: 'USD', assetScale: 2 } as const;
export const EUR = { assetCode: 'EUR', assetScale: 2 } as const;

export const silent: Log = { info() {}, warn() {}, error() {} };

/** Adds up what was counted, by name and labels, so that it compares with the ledger's totals. */
export function recordingMetrics(): Metrics & { counted: Map<string, bigint>; latencies: number[] } {
  const counted = new Map<string, bigint>();
  const latencies: number[] = [];
  return {
    counted,
    latencies,
    add: (name, labels, by) => {
      const key = totalKey(name, labels);
      counted.set(key, (counted.get(key) ?? 0n) + by);
    },
    change: () => {},
    record: (_name, _labels, value) => void latencies.push(value),
  };
}

/** The ledger's totals in the shape of `counted`. */
export const totalsOf = (ledger: Ledger): Map<string, bigint> =>
  new Map(ledger.totals().map(({ quantity, labels, value }) => [totalKey(quantity, labels), value]));

function totalKey(name: string, labels: Record<string, string>): string {
  const inner = Object.keys(labels)
    .sort()
    .map((label) => `${label}=${labels[label]}`);
  return `${name}{${inner.join(',')}}`;
}

export const fixedRate = (ratio: Ratio): RatesSource => ({ ratio: () => ratio });

export function peer(id: string, rest: Partial<Peer> = {}): Peer {
  return {
    id,
    ilpAddress: `test.${id}`,
    ...USD,
    creditLimitUnits: 1_000_000n,
    maxPacketAmountUnits: 10_000n,
    routes: [`test.${id}`],
    ...rest,
  };
}

export const sourceOfPeer = ({ id, ilpAddress, assetCode, assetScale }: Peer): PacketSource => ({
  accountId: `peer:${id}`,
  peerId: id,
  ilpAddress,
  assetCode,
  assetScale,
});

export const PREIMAGE = Buffer.alloc(32, 7);
export const CONDITION = sha256(PREIMAGE);

export function prepareOf(rest: Partial<IlpPrepare> = {}): IlpPrepare {
  return {
    amount: '100',
    executionCondition: CONDITION,
    expiresAt: new Date(Date.now() + 10_000),
    destination: 'test.here.bob',
    data: randomBytes(4),
    ...rest,
  };
}

/** A receiver that fulfills everything for accounts that it knows, `test.here.<name>` → `wallet:<name>`. */
export function openReceiver(
  ilpAddress: string,
  asset: { assetCode: string; assetScale: number },
  behave: { reply?: (prepare: IlpPrepare) => Promise<IlpReply>; onPosted?: (tx: LedgerTx) => void } = {},
): LocalReceiver & { posted: bigint[] } {
  const posted: bigint[] = [];
  return {
    posted,
    resolve(destination): LocalDestination | undefined {
      const name = destination.slice(ilpAddress.length + 1);
      if (name === 'nobody') return undefined;
      return {
        accountId: `wallet:${name}`,
        ...asset,
        onPosted: (tx) => behave.onPosted?.(tx),
        afterPosted: (units) => void posted.push(units),
        onRefused() {},
      };
    },
    receive: behave.reply ?? (async () => ({ fulfillment: PREIMAGE, data: Buffer.alloc(0) })),
  };
}

/** A whole connector `test.here` (EUR) over a ledger in memory, with wallets alice and bob. */
export async function startConnector(options: Partial<ConnectorOptions> & { peers: readonly Peer[] }) {
  const ledger = options.ledger ?? createLedger({ file: ':memory:' });
  const metrics = recordingMetrics();
  const connector = createConnector({
    ilpAddress: 'test.here',
    asset: EUR,
    links: new Map(),
    ledger,
    rates: fixedRate({ numerator: 91n, denominator: 100n }),
    receiver: openReceiver('test.here', EUR),
    metrics,
    log: silent,
    ...options,
  });
  await connector.recover();
  await ledger.commit((tx) => {
    for (const id of ['wallet:alice', 'wallet:bob'] as const) {
      tx.openAccount({ id, ...EUR, minBalanceUnits: 0n, maxBalanceUnits: null });
    }
    if (tx.account('wallet:alice')!.balanceUnits === 0n) {
      tx.transfer({
        id: 'opening:alice',
        legs: [{ debit: 'external:EUR', credit: 'wallet:alice', amountUnits: 50_000n }],
      });
    }
  });
  const send = async (
    source: PacketSource,
    prepare: IlpPrepare,
    idempotencyKey?: string,
  ): Promise<IlpReply> =>
    deserializeIlpReply(
      await connector.handle(
        source,
        serializeIlpPrepare(prepare),
        idempotencyKey === undefined ? {} : { idempotencyKey },
      ),
    );
  const balance = (id: AccountId) => ledger.read.account(id)!.balanceUnits;
  const pending = (id: AccountId) => ledger.read.account(id)!.pendingDebitUnits;
  return { connector, ledger, metrics, send, balance, pending };
}

export const alice: PacketSource = { accountId: 'wallet:alice', ilpAddress: 'test.here.alice', ...EUR };

/** A packet in the middle of its way, for a step alone. */
export function packetOf(
  rest: {
    source?: PacketSource;
    prepare?: Partial<IlpPrepare>;
    destination?: Destination;
    key?: string;
  } = {},
): Packet {
  const prepare = prepareOf(rest.prepare);
  const idempotency =
    rest.key === undefined ? undefined : { key: rest.key, fingerprint: sha256(Buffer.from(prepare.data)) };
  return createPacket(rest.source ?? sourceOfPeer(peer('there')), prepare, idempotency, rest.destination);
}

export const FULFILL: IlpReply = { fulfillment: PREIMAGE, data: Buffer.alloc(0) };

/** The last step of a test: fulfills, and keeps what came. */
export function fulfillAll(): Next & { seen: Packet[] } {
  const seen: Packet[] = [];
  return Object.assign(
    async (packet: Packet) => {
      seen.push(packet);
      return FULFILL;
    },
    { seen },
  );
}

/** The step as its neighbours see it: one that throws rejects. */
export const asked =
  (step: Step): Step =>
  async (packet, next) =>
    step(packet, next);

/** Asserts that a step throws an ILP error of this code. */
export const withCode = (code: string) => (error: unknown) =>
  error instanceof Error && 'ilpErrorCode' in error && error.ilpErrorCode === code;

/** A link whose peer replies as told. */
export function answering(reply: (prepare: IlpPrepare, options: AskOptions) => Promise<IlpReply>): PeerLink {
  return {
    ask: async (bytes, options) => serializeIlpReply(await reply(deserializeIlpPrepare(bytes), options)),
    close: async () => {},
  };
}

export const codeOf = (reply: IlpReply): string => ('fulfillment' in reply ? 'fulfill' : reply.code);

export const noRates: RatesSource = {
  ratio() {
    throw new Error('rates are stale');
  },
};
