import type { IlpPrepare, IlpReply } from 'ilp-packet';
import type { AccountId, LedgerTx } from '../ledger/types.ts';

/** Where a packet comes from: an account that may send packets. */
export interface PacketSource {
  accountId: AccountId;
  assetCode: string;
  assetScale: number;
  /** The ILP address that ILDCP assigns to it and rejects are triggered for. */
  ilpAddress: string;
  /** Set for peers only. */
  peerId?: string;
}

/** Takes the ILP packets that are addressed to this ASE itself. */
export interface LocalReceiver {
  /** The account that a packet for `destination` would credit, or undefined when no payment is behind it. */
  resolve(destination: string): LocalDestination | undefined;
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
}

/** The connector's outside: a Prepare in, a Fulfill or Reject out, both as ILP packet bytes. It never throws. */
export interface Connector {
  handle(source: PacketSource, prepareBytes: Buffer, options?: HandleOptions): Promise<Buffer>;
}

export interface HandleOptions {
  /** The same key from the same source gives the stored reply: a peer asks again after its own crash. */
  idempotencyKey?: string;
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
