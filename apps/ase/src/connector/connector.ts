import { type IlpPrepare, type IlpReply, serializeIlpReply } from 'ilp-packet';
import { CONNECTOR_ERRORS, type ConnectorErrorType } from '../../../../telemetry/catalogue.ts';
import type { Ledger } from '../ledger/types.ts';
import { createClosing } from './closing.ts';
import { aboutPacket } from './correlation.ts';
import { decodePrepare } from './decode.ts';
import { NotRunningError, toRefusal } from './errors.ts';
import { createInFlight } from './inFlight.ts';
import { compose, createPacket, type Packet, type Step, sha256 } from './packet.ts';
import { createPacketStore } from './packetStore.ts';
import { openConnectorAccounts, revivePacket } from './recovery.ts';
import { createRoutes } from './routes.ts';
import type { Log } from './services.ts';
import { account } from './steps/account.ts';
import { balance } from './steps/balance.ts';
import { capacity } from './steps/capacity.ts';
import { errorHandling } from './steps/errorHandling.ts';
import { expiry, MAX_HOLD_MS } from './steps/expiry.ts';
import { fulfillmentCheck } from './steps/fulfillmentCheck.ts';
import { idempotency, type Refuse } from './steps/idempotency.ts';
import { ildcp } from './steps/ildcp.ts';
import { maxPacketAmount } from './steps/maxPacketAmount.ts';
import { networkTelemetry, type PacketNetwork } from './steps/networkTelemetry.ts';
import { packetLog } from './steps/packetLog.ts';
import { rateLimit } from './steps/rateLimit.ts';
import { routeOut } from './steps/routeOut.ts';
import { telemetry } from './steps/telemetry.ts';
import { throughput } from './steps/throughput.ts';
import { timing } from './steps/timing.ts';
import { packetSpans } from './steps/tracing.ts';
import { harmless, type Metrics } from './telemetry.ts';
import type {
  AssetRef,
  HandleOptions,
  LocalReceiver,
  PacketSource,
  Peer,
  PeerLink,
  RatesSource,
  RunningConnector,
} from './types.ts';
import { createWaiting } from './waiting.ts';

export interface ConnectorOptions {
  ilpAddress: string;
  /** The asset of this ASE's wallets. */
  asset: AssetRef;
  peers: readonly Peer[];
  /** One link for each peer, by its id; closed together with the connector. */
  links: ReadonlyMap<string, PeerLink>;
  ledger: Ledger;
  rates: RatesSource;
  receiver: LocalReceiver;
  metrics: Metrics;
  /** Left out: the network is told nothing. */
  network?: PacketNetwork | undefined;
  /** Whether packets that are part of a trace get spans; left out: none do, and nothing is done for it. */
  traced?: boolean;
  log: Log;
  now?: () => number;
  limits?: Partial<Limits>;
  /** Paid into the ASE's own liquidity once, when an asset is new to it. */
  liquidityUnits?: bigint;
}

/** What one peer may send in a second, and how many packets may be under way in all. */
interface Limits {
  packetsPerSecond: number;
  throughputUnitsPerSecond: bigint;
  packetsInFlight: number;
}

const LIMITS: Limits = {
  packetsPerSecond: 20_000,
  throughputUnitsPerSecond: 10n ** 12n,
  packetsInFlight: 10_000,
};
export const LIQUIDITY_UNITS = 10n ** 13n;
/** How long packets under way may still end when the connector closes. */
const CLOSE_GRACE_MS = 1_000;

/** The ILP connector of an ASE. Call recover() before anything else. */
export function createConnector(options: ConnectorOptions): RunningConnector {
  const { ilpAddress, ledger, rates, receiver, links, network, log, now = Date.now } = options;
  const limits = { ...LIMITS, ...options.limits };
  const peers = new Map(options.peers.map((peer) => [peer.id, peer]));
  const routeTo = createRoutes(options.peers);
  const metrics = harmless(options.metrics);
  const store = createPacketStore(ledger);
  const inFlight = createInFlight();
  const monotonicMs = () => performance.now();
  const waiting = createWaiting();
  const { wait } = waiting;
  const closing = createClosing({ ledger, store, ilpAddress, wait, log });
  let state: 'new' | 'open' | 'closed' = 'new';

  function countError(type: ConnectorErrorType): void {
    const { severity } = CONNECTOR_ERRORS.find((error) => error.type === type)!;
    closing.countError(type, () => metrics.add('connector_errors_total', { type, severity }, 1n));
  }

  // Around everything: how long it takes, what telemetry hears of it, and the one commit that ends it.
  const spans = packetSpans(options.traced ?? false);
  const watched: Step[] = [
    ...spans.packet,
    timing({ metrics, inFlight }),
    telemetry({ metrics }),
    ...(network ? [networkTelemetry({ network })] : []),
    ...(log.isLevelEnabled?.('debug') ? [packetLog({ log })] : []),
    spans.after('ledger.commit', errorHandling({ ilpAddress, closing, log })),
  ];
  const refuse: Refuse = (packet, error) =>
    compose(watched, async () => {
      throw error;
    })({ ...packet, idempotency: undefined });
  const once = idempotency({ store, refuse });
  const out = spans.out(routeOut({ receiver, links, now, wait, countError, log }));

  // The protocol: every packet passes these rules in this order, and its reply passes them back.
  const handlePacket = compose(
    [
      once,
      ...watched,
      capacity({ inFlight, packetsInFlight: limits.packetsInFlight }),
      account({ ilpAddress, receiver, routeTo }),
      maxPacketAmount({ peers }),
      rateLimit({ peers, packetsPerSecond: limits.packetsPerSecond, monotonicMs }),
      throughput({ peers, throughputUnitsPerSecond: limits.throughputUnitsPerSecond, monotonicMs }),
      ildcp(),
      expiry({ now, atMost: waiting.atMost }),
      spans.before('ledger.reserve', balance({ ledger, store, rates })),
      fulfillmentCheck(),
    ],
    out,
  );
  // After a crash: the rules that were still to come when the packet had gone out.
  const resumePacket = compose([once, ...watched, fulfillmentCheck()], out);
  const resume = (packet: Packet) =>
    resumePacket(packet).catch((error) =>
      log.error({ err: error, ...aboutPacket(packet) }, 'A packet could not be taken up again'),
    );

  function answer(
    source: PacketSource,
    bytes: Buffer,
    { idempotencyKey: key, trace }: HandleOptions,
  ): Promise<IlpReply> {
    let prepare: IlpPrepare;
    try {
      prepare = decodePrepare(bytes);
    } catch (error) {
      return refuse(createPacket(source, NOTHING), error);
    }
    const identity = key === undefined ? undefined : { key, fingerprint: sha256(bytes) };
    const packet = createPacket(source, prepare, identity);
    if (trace) packet.record.traceParent = trace;
    const reply = handlePacket(packet);
    if (source.peerId !== undefined) return reply;
    // A sender in this ASE finds the outcome in the ledger, so it need not wait when a peer keeps it open.
    const leftMs = Math.max(prepare.expiresAt.getTime() - now(), 0) + LATE_MS;
    return waiting.atMost(Math.min(leftMs, MAX_HOLD_MS), reply);
  }

  return {
    async recover() {
      const { asset, liquidityUnits = LIQUIDITY_UNITS } = options;
      await ledger.commit((tx) => openConnectorAccounts(tx, { peers: options.peers, asset, liquidityUnits }));
      for (const packet of store.outgoing()) {
        const peer = peers.get(packet.peerId);
        if (peer) resume(revivePacket(ledger, packet, peer));
        else
          log.error({ peer: packet.peerId }, 'A packet is under way to a peer that is not in the settings');
      }
      state = 'open';
    },

    async handle(source, prepareBytes, handleOptions = {}) {
      try {
        if (state !== 'open') throw new NotRunningError();
        return serializeIlpReply(await answer(source, prepareBytes, handleOptions));
      } catch (error) {
        // Nothing was decided. A peer would take a Reject for the outcome, so it gets none and asks again.
        if (source.peerId !== undefined) throw error;
        return serializeIlpReply(toRefusal(error, ilpAddress).reject);
      }
    },

    inFlight: inFlight.count,
    countError,
    lastErrorAtMs: store.lastErrorAtMs,

    async close() {
      state = 'closed';
      await inFlight.settled(CLOSE_GRACE_MS);
      waiting.stop();
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}

/** Stands for a packet that could not be read. */
const NOTHING: IlpPrepare = {
  amount: '0',
  // Not the zero condition of a probe.
  executionCondition: Buffer.alloc(32, 0xff),
  expiresAt: new Date(0),
  destination: 'private.nothing',
  data: Buffer.alloc(0),
};
/** A local sender hears of the time-out after every step had its chance to say something better. */
const LATE_MS = 100;
