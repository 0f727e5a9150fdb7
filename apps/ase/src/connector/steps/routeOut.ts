import { Errors, type IlpReply, serializeIlpPrepare } from 'ilp-packet';
import type { ConnectorErrorType } from '../../../../../telemetry/catalogue.ts';
import { aboutPacket, aboutPayment, createFirstTime } from '../correlation.ts';
import { decodeReply } from '../decode.ts';
import { LinkError } from '../errors.ts';
import type { Next, Packet, ReservedTransfer } from '../packet.ts';
import type { Log } from '../services.ts';
import type { LocalReceiver, PeerLink } from '../types.ts';
import type { Wait } from '../waiting.ts';
import { MESSAGE_WINDOW_MS } from './expiry.ts';

export interface RouteOutOptions {
  receiver: LocalReceiver;
  /** By peer id. */
  links: ReadonlyMap<string, PeerLink>;
  now: () => number;
  wait: Wait;
  countError: (type: ConnectorErrorType) => void;
  log: Log;
}

/** The end of the way: the receiver in this ASE, or the link to the next connector. */
export function routeOut(options: RouteOutOptions): Next {
  const isNew = createFirstTime();
  return async (packet) => {
    const { destination } = packet;
    if (destination?.kind === 'local') return options.receiver.receive(packet.prepare, destination.local);
    const link = destination && options.links.get(destination.peer.id);
    if (!link) throw new Errors.UnreachableError('there is no link to this destination');
    const { peerId, correlationId } = packet.source;
    if (peerId !== undefined && correlationId !== undefined && isNew(correlationId)) {
      const about = aboutPayment(correlationId, packet.record.span);
      options.log.info({ ...about, from: peerId, to: destination.peer.id }, 'A payment passes through');
    }
    const { transfer } = packet.record;
    return transfer && !('legs' in transfer)
      ? askUntilAnswered(packet, transfer, link, options)
      : askOnce(packet, link, options);
  };
}

const RETRY_MS = { first: 20, most: 5_000 };
/** A repeated question is about the past: the packet's own expiry no longer bounds it. */
const MIN_TIMEOUT_MS = 2_000;

/** Without value at stake a failure is just a failure. */
async function askOnce(packet: Packet, link: PeerLink, { now }: RouteOutOptions): Promise<IlpReply> {
  try {
    const { correlationId } = packet.source;
    const { traceparent } = packet.record;
    const timeoutMs = timeLeftMs(packet, now);
    const prepareBytes = serializeIlpPrepare(packet.prepare);
    return read(await link.ask(prepareBytes, { correlationId, traceparent, timeoutMs }));
  } catch (error) {
    throw error instanceof LinkError ? new Errors.PeerUnreachableError('the peer did not answer') : error;
  }
}

/**
 * Once the packet may have reached the peer, only the peer knows whether the money moved. So it is asked again,
 * with the same bytes and key, until it says; guessing would make the books of the two differ.
 */
async function askUntilAnswered(
  packet: Packet,
  transfer: ReservedTransfer,
  link: PeerLink,
  options: RouteOutOptions,
): Promise<IlpReply> {
  const { traceparent } = packet.record;
  let mayHaveArrived = transfer.mayHaveGoneOut ?? false;
  let isCounted = false;
  for (let delayMs = RETRY_MS.first; ; delayMs = Math.min(delayMs * 2, RETRY_MS.most)) {
    try {
      const timeoutMs = Math.max(timeLeftMs(packet, options.now), MIN_TIMEOUT_MS);
      return read(
        await link.ask(transfer.prepareBytes, {
          idempotencyKey: transfer.id,
          correlationId: packet.source.correlationId,
          traceparent,
          timeoutMs,
        }),
      );
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      if (error.reason !== 'no_answer' && !mayHaveArrived) {
        throw new Errors.PeerUnreachableError('the peer cannot be reached');
      }
      mayHaveArrived = true;
      if (!isCounted) {
        isCounted = true;
        options.countError('peer_unreachable');
        options.log.warn({ err: error, ...aboutPacket(packet) }, 'A packet has no answer: asking again');
      }
      await options.wait(delayMs);
    }
  }
}

/** Until the peer must have answered, and its answer has had time to come back. */
const timeLeftMs = ({ prepare }: Packet, now: () => number): number =>
  Math.max(prepare.expiresAt.getTime() - now(), 0) + MESSAGE_WINDOW_MS;

function read(replyBytes: Buffer): IlpReply {
  const reply = decodeReply(replyBytes);
  if (!reply) throw new Errors.PeerUnreachableError('the peer answered something that is no ILP reply');
  return reply;
}
