import type { IlpPrepare, IlpReply } from 'ilp-packet';
import type { ConnectorErrorType } from '../../../../telemetry/catalogue.ts';
import type { AccountId, LedgerTx } from '../ledger/types.ts';
import type { TraceParent } from '../tracing/tracing.ts';
import type { LineIds } from './correlation.ts';

/** Where a packet comes from: an account that may send packets. */
export interface PacketSource {
  accountId: AccountId;
  assetCode: string;
  assetScale: number;
  /** The ILP address that ILDCP assigns to it and rejects are triggered for. */
  ilpAddress: string;
  /** Set for peers only. */
  peerId?: string;
  /** The payment that the packet belongs to, as its source says; for logs. */
  correlationId?: string | undefined;
}

/** Takes the ILP packets that are addressed to this ASE itself. */
export interface LocalReceiver {
  /**
   * The account that a packet for `destination` would credit, or undefined when no payment is behind it.
   * `about` goes into the log lines about it.
   */
  resolve(destination: string, about?: LineIds): LocalDestination | undefined;
  /** Decides about a packet whose amount is in the destination's asset: a STREAM Fulfill or Reject. */
  receive(prepare: IlpPrepare, destination: LocalDestination): Promise<IlpReply>;
}

export interface LocalDestination {
  accountId: AccountId;
  assetCode: string;
  assetScale: number;
  /** Runs in the commit that posts a fulfilled packet, so that payment and money change together. */
  onPosted(tx: LedgerTx, amountUnits: bigint): void;
  /** Runs after that commit is on disk: telemetry, wake-ups. */
  afterPosted(amountUnits: bigint): void;
  /** Instead of both: the ledger refused a packet that the receiver had fulfilled, so its sender gets a Reject. */
  onRefused(): void;
}

/**
 * The connector's outside: a Prepare in, a Fulfill or Reject out, both as ILP packet bytes. A sender in this ASE
 * always gets a reply: R00 when it expires before a peer says how it ended, and then the packet's transfer stays
 * pending until the peer does. For a peer it rejects when no outcome can be told (NotRunningError: the packet was not
 * even looked at): the peer asks again.
 */
interface Connector {
  handle(source: PacketSource, prepareBytes: Buffer, options?: HandleOptions): Promise<Buffer>;
}

/** The connector of a running ASE. */
export interface RunningConnector extends Connector {
  /**
   * Call once, before the first packet and before peers can reach this ASE. Opens the accounts of peers and
   * liquidity, takes back what a crash left half-done here, and asks peers in the background how the packets
   * ended that were under way to them. Resolves without waiting for any peer.
   */
  recover(): Promise<void>;
  /** Prepares without their final outcome, those included whose peer does not answer since a crash. */
  inFlight(): number;
  /** Counts a refusal that happened before there was a packet, such as a wrong token. Never throws. */
  countError(type: ConnectorErrorType): void;
  /** When the newest connector error was recorded, Unix milliseconds; 0 before the first. */
  lastErrorAtMs(): number;
  /** Takes no new packets, lets those under way end for a moment, and leaves the rest to the next recover(). */
  close(): Promise<void>;
}

/** A neighbour with whom this ASE keeps an account. */
export interface Peer {
  id: string;
  ilpAddress: string;
  assetCode: string;
  assetScale: number;
  /** How much the peer may owe this ASE. */
  creditLimitUnits: bigint;
  /** The largest packet that is taken from it. */
  maxPacketAmountUnits: bigint;
  /** Address prefixes that are reached through it; the longest match of all peers wins. */
  routes: readonly string[];
}

/** How packets reach a peer. */
export interface PeerLink {
  /** Sends a Prepare and resolves to the bytes of the reply; rejects with a LinkError. */
  ask(prepareBytes: Buffer, options: AskOptions): Promise<Buffer>;
  /** Ends all that is under way: it rejects. */
  close(): Promise<void>;
}

export interface AskOptions {
  /** Makes it safe to ask again: the peer gives the reply that it gave before. */
  idempotencyKey?: string | undefined;
  /** The payment that the packet belongs to, for the peer's logs. */
  correlationId?: string | undefined;
  /** The W3C trace context that the peer's spans become part of. */
  traceparent?: string | undefined;
  timeoutMs: number;
}

export interface HandleOptions {
  /** The same key from the same source gives the stored reply: a peer asks again after its own crash. */
  idempotencyKey?: string;
  /** What this packet's spans belong to; left out, there are none. */
  trace?: TraceParent | undefined;
}

/** A refused or failed rate look-up is an error, never a guess. */
export interface RatesSource {
  /** Ratio of smallest units as an exact fraction, so that money stays integer: out = in * numerator / denominator, rounded down. */
  ratio(from: AssetRef, to: AssetRef): { numerator: bigint; denominator: bigint };
}
export interface AssetRef {
  assetCode: string;
  assetScale: number;
}
