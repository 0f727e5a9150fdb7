import { type IlpReply, isFulfill } from 'ilp-packet';
import type { TraceParent, TraceSpan } from '../../tracing/tracing.ts';
import { toRefusal } from '../errors.ts';
import type { Next, Packet, Step } from '../packet.ts';

/** How the steps of a connector become spans. Where nothing is traced the steps stay as they are. */
export interface PacketSpans {
  /** Opens and ends the span of a packet that is part of a trace; comes before all that shall know it. */
  packet: Step[];
  /** `step`, with a span for the time until it passes a packet on whose money it has reserved. */
  before(name: string, step: Step): Step;
  /** `step`, with a span for the time from the reply until it passes that back. */
  after(name: string, step: Step): Step;
  /** `next`, with a span for the whole of it, which the peer's spans become part of. */
  out(next: Next): Next;
}

export function packetSpans(isTraced: boolean): PacketSpans {
  if (!isTraced)
    return { packet: [], before: (_name, step) => step, after: (_name, step) => step, out: (next) => next };
  return { packet: [packetSpan], before: spanBefore, after: spanAfter, out: spanOut };
}

// A packet that is part of no trace passes as if nothing were there: not even a promise is made for it.
const packetSpan: Step = (packet, next) =>
  packet.record.traceParent ? tracePacket(packet, packet.record.traceParent, next) : next(packet);

const spanBefore = (name: string, step: Step): Step => {
  return (packet, next) => {
    const { span, isUnfulfillable } = packet.record;
    return span && !isUnfulfillable ? traceBefore({ name, step, span }, packet, next) : step(packet, next);
  };
};

const spanAfter = (name: string, step: Step): Step => {
  return (packet, next) => {
    const { span } = packet.record;
    return span ? traceAfter({ name, step, span }, packet, next) : step(packet, next);
  };
};

const spanOut = (next: Next): Next => {
  return (packet) => (packet.record.span ? traceOut(packet, packet.record.span, next) : next(packet));
};

async function tracePacket(packet: Packet, parent: TraceParent, next: Next): Promise<IlpReply> {
  const { record, source, prepare } = packet;
  const span = parent.span('ilp.packet', {
    kind: source.peerId === undefined ? 'internal' : 'server',
    attributes: {
      'ilp.destination': prepare.destination,
      'ilp.amount': prepare.amount,
      'ilp.asset': source.assetCode,
      'peer.source': source.peerId,
    },
  });
  record.span = span;
  try {
    const reply = await next(packet);
    if (isFulfill(reply)) span.end();
    else endRejected(packet, span, reply.code);
    return reply;
  } catch (error) {
    span.end('no_outcome');
    throw error;
  }
}

/** What ends a probe is no failure, unless this connector itself found a fault. */
function endRejected({ record }: Packet, span: TraceSpan, code: string): void {
  span.set({ 'ilp.reject.code': code });
  span.end(record.errorType ?? (record.isUnfulfillable ? undefined : `reject_${code}`));
}

/** A step of a packet that has a span, with what the step's own is called. */
interface TracedStep {
  name: string;
  step: Step;
  span: TraceSpan;
}

async function traceBefore({ name, step, span }: TracedStep, packet: Packet, next: Next): Promise<IlpReply> {
  const startedMs = performance.now();
  let isPassedOn = false;
  try {
    return await step(packet, (onward) => {
      isPassedOn = true;
      if (isReserved(onward)) span.span(name, { startedMs }).end();
      return next(onward);
    });
  } catch (error) {
    if (!isPassedOn) span.span(name, { startedMs }).end(errorTypeOf(error));
    throw error;
  }
}

async function traceAfter({ name, step, span }: TracedStep, packet: Packet, next: Next): Promise<IlpReply> {
  let startedMs = performance.now();
  const reply = await step(packet, async (onward) => {
    try {
      return await next(onward);
    } finally {
      startedMs = performance.now();
    }
  });
  span.span(name, { startedMs }).end();
  return reply;
}

async function traceOut(packet: Packet, parent: TraceSpan, next: Next): Promise<IlpReply> {
  const { record, destination, prepare } = packet;
  const peer = destination?.kind === 'peer' ? destination.peer.id : undefined;
  parent.set({ 'peer.destination': peer });
  const span = parent.span(peer === undefined ? 'stream.receive' : 'ilp.send', {
    kind: peer === undefined ? 'internal' : 'client',
    attributes: { 'ilp.amount': prepare.amount, 'peer.destination': peer },
  });
  if (peer !== undefined) record.traceparent = span.header;
  let reply: IlpReply;
  try {
    reply = await next(packet);
  } catch (error) {
    span.end(errorTypeOf(error));
    throw error;
  }
  span.end();
  return reply;
}

/** What is booked together with the packet's end waits for nothing before that. */
const isReserved = ({ record: { transfer } }: Packet): boolean =>
  transfer !== undefined && !('legs' in transfer);

const errorTypeOf = (error: unknown): string => toRefusal(error, '').errorType;
