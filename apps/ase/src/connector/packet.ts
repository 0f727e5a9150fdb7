import { hash } from 'node:crypto';
import type { IlpPrepare, IlpReply } from 'ilp-packet';
import type { ConnectorErrorType } from '../../../../telemetry/catalogue.ts';
import type { LedgerTx, TransferLeg } from '../ledger/types.ts';
import type { TraceParent, TraceSpan } from '../tracing/tracing.ts';
import type { LocalDestination, PacketSource, Peer } from './types.ts';

/** One packet on its way through the steps. A step that changes something passes a changed copy on. */
export interface Packet {
  readonly source: PacketSource;
  /** As it stands after the steps so far. */
  readonly prepare: IlpPrepare;
  readonly idempotency: Idempotency | undefined;
  /** Known after the account step; undefined for this connector itself, which peer protocols address. */
  readonly destination: Destination | undefined;
  /** The same for all copies: what the ledger and telemetry will say about this packet. */
  readonly record: PacketRecord;
}

export interface Idempotency {
  key: string;
  /** Of the packet's bytes: the same key with other bytes is a mistake of the peer. */
  fingerprint: Buffer;
}

interface PeerDestination {
  kind: 'peer';
  peer: Peer;
}
interface LocalEnd {
  kind: 'local';
  local: LocalDestination;
}
export type Destination = PeerDestination | LocalEnd;

/** Notes of the steps about one packet, for the one commit that ends it. */
interface PacketRecord {
  /** No preimage of 32 zero bytes can be known: a probe, which never moves money. */
  readonly isUnfulfillable: boolean;
  /** Set once it is known what the packet moves. */
  transfer?: PacketTransfer;
  /** Set when this connector itself refused or failed the packet. */
  errorType?: ConnectorErrorType;
  /** What an onlooker has to note in the commit that ends the packet; it fails only as the commit itself would. */
  noteEnd?: (tx: LedgerTx, reply: IlpReply) => void;
  /** Resolves when the end of the packet is on disk; it may stay open when the ledger refuses it for good. */
  readonly written: Promise<void>;
  markWritten(): void;
  /** Set for a packet that is part of a trace: where its span belongs. */
  traceParent?: TraceParent | undefined;
  /** Its span, while it is under way. */
  span?: TraceSpan;
  /** What goes with it to the next connector, so that its spans there belong to ours. */
  traceparent?: string;
}

export type PacketTransfer = ReservedTransfer | ImmediateTransfer;

interface TransferAmounts {
  id: string;
  sourceUnits: bigint;
  destinationUnits: bigint;
}

/** Of a packet to a peer: pending in the ledger since before the packet went out. */
export interface ReservedTransfer extends TransferAmounts {
  destination: PeerDestination;
  /** Exactly what the peer gets, however often it is asked. */
  prepareBytes: Buffer;
  /** It went out before a crash, so the peer may have handled it already. */
  mayHaveGoneOut?: boolean;
}

/** Of a packet to a receiver in this ASE: nothing is reserved, the commit that ends the packet moves the money. */
export interface ImmediateTransfer extends TransferAmounts {
  destination: LocalEnd;
  legs: readonly TransferLeg[];
}

export type Next = (packet: Packet) => Promise<IlpReply>;
/**
 * One rule of the protocol: answers itself, or passes the packet on and looks at the reply; throws or rejects to refuse.
 * One that only looks and passes on is no async function: there are a dozen for each packet, and promises cost.
 */
export type Step = (packet: Packet, next: Next) => Promise<IlpReply>;

/** The steps as one function; `last` answers what gets through all of them. */
export function compose(steps: readonly Step[], last: Next): Next {
  return steps.reduceRight<Next>((next, step) => (packet) => step(packet, next), last);
}

export function createPacket(
  source: PacketSource,
  prepare: IlpPrepare,
  idempotency?: Idempotency,
  destination?: Destination,
): Packet {
  const { promise: written, resolve: markWritten } = Promise.withResolvers<void>();
  const isUnfulfillable = prepare.executionCondition.equals(UNFULFILLABLE_CONDITION);
  return { source, prepare, idempotency, destination, record: { isUnfulfillable, written, markWritten } };
}

const UNFULFILLABLE_CONDITION = Buffer.alloc(32);

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');
