import type { SettlementMethod, SettlementRefusal } from '../../../../telemetry/catalogue.ts';
import type { ChainChannel, TransactionStatus, UnsignedTransaction } from '../../../chain/src/wire.ts';

/** How this ASE settles with a peer. */
export interface SettlementTerms {
  method: SettlementMethod;
  /** What we may owe before we settle; above 0. */
  thresholdUnits: bigint;
  /** What we still owe after a settlement; 0 or more, below the threshold. */
  settleToUnits: bigint;
  /** What a new channel is funded with, and what is added when it is used up. */
  channelUnits: bigint;
}

export interface SettlementPeer {
  id: string;
  assetCode: string;
  assetScale: number;
  /** Left out: the peer may settle with us, we do not settle with it. */
  settlement?: SettlementTerms | undefined;
}

/** What became of a transaction: whatever the chain is, only `done` and `failed` can never change again. */
export type Outcome =
  | { state: 'unknown' }
  | { state: 'waiting'; block: number | null }
  | { state: 'done' | 'failed'; feeUnits: bigint; error: string | null };

/** One chain as the settlement of an ASE uses it. Every method rejects when the chain cannot be reached. */
export interface SettlementEngine {
  method: SettlementMethod;
  address: string;
  /** What every transaction costs. */
  feeUnits(): Promise<bigint>;
  /** Takes the same transaction as often as need be. */
  submit(transaction: UnsignedTransaction): Promise<void>;
  outcome(id: string): Promise<Outcome>;
  channel(id: string): Promise<ChainChannel | undefined>;
  balance(token: string): Promise<bigint>;
  signClaim(claim: { channel: string; nonce: number; amountUnits: bigint }): string;
}

/** A claim on its way to the peer, as JSON. */
export interface ClaimMessage {
  method: SettlementMethod;
  channel: string;
  nonce: number;
  /** All that was ever paid through the channel. */
  amount: string;
  signature: string;
}

export type ClaimAnswer =
  | { accepted: true }
  /** `nonce` is the newest that the peer has, where it says so. */
  | { accepted: false; code: SettlementRefusal; nonce?: number };

/** The peer's side of settlement, over HTTP. Rejects when there was no answer: then nobody knows, and we ask again. */
export interface SettlementLink {
  address(method: SettlementMethod): Promise<string>;
  claim(message: ClaimMessage, traceparent?: string): Promise<ClaimAnswer>;
}

/** Something that settlement does not do. Nothing was booked. */
export class SettlementRefused extends Error {
  readonly code: SettlementRefusal;
  /** The newest state that we have of the channel. */
  readonly nonce: number | undefined;
  constructor(code: SettlementRefusal, message: string, nonce?: number) {
    super(message);
    this.name = 'SettlementRefused';
    this.code = code;
    this.nonce = nonce;
  }
}

export type { ChainChannel, TransactionStatus };
