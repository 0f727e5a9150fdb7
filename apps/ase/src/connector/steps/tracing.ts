import { type IlpReply, isFulfill } from 'ilp-packet';
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

const packetSpan: Step = async (packet, next) => {
  const { record, source, prepare } = packet;
  if (!record.traceParent) return next(packet);
  const span = record.traceParent.span('ilp.packet', {
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
    else endRejected(packet, reply.code);
    return reply;
  } catch (error) {
    span.end('no_outcome');
    throw error;
  }
};

/** What ends a probe is no failure, unless this connector itself found a fault. */
function endRejected({ record }: Packet, code: string): void {
  record.span?.set({ 'ilp.reject.code': code });
  record.span?.end(record.errorType ?? (record.isUnfulfillable ? undefined : `reject_${code}`));
}

const spanBefore = (name: string, step: Step): Step => {
  return async (packet, next) => {
    const { span } = packet.record;
    if (!span || packet.record.isUnfulfillable) return step(packet, next);
    const startedMs = performance.now();
    let isPassedOn = false;
    try {
      return await step(packet, (onward) => {
        isPassedOn = true;
        if (onward.record.transfer) span.span(name, { startedMs }).end();
        return next(onward);
      });
    } catch (error) {
      if (!isPassedOn) span.span(name, { startedMs }).end(errorTypeOf(error));
      throw error;
    }
  };
};

const spanAfter = (name: string, step: Step): Step => {
  return async (packet, next) => {
    const { span } = packet.record;
    if (!span) return step(packet, next);
    let startedMs = performance.now();
    const reply = await step(packet, (onward) =>
      next(onward).finally(() => {
        startedMs = performance.now();
      }),
    );
    span.span(name, { startedMs }).end();
    return reply;
  };
};

const spanOut = (next: Next): Next => {
  return async (packet) => {
    const { record, destination, prepare } = packet;
    if (!record.span) return next(packet);
    const peer = destination?.kind === 'peer' ? destination.peer.id : undefined;
    record.span.set({ 'peer.destination': peer });
    const span = record.span.span(peer === undefined ? 'stream.receive' : 'ilp.send', {
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
  };
};

const errorTypeOf = (error: unknown): string => toRefusal(error, '').errorType;
