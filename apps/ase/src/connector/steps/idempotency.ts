import { deserializeIlpReply, Errors, type IlpReply } from 'ilp-packet';
import type { Next, Packet, Step } from '../packet.ts';
import type { PacketStore } from '../packetStore.ts';

/**
 * The same key from the same source is the same packet: it is handled once. A repetition gets the stored reply,
 * or waits with the first when that is still under way.
 */
export function idempotency({ store, refuse }: { store: PacketStore; refuse: Refuse }): Step {
  const underWay = new Map<string, { fingerprint: Buffer; reply: Promise<IlpReply>; waiting: number }>();

  return async (packet, next) => {
    if (!packet.idempotency) return next(packet);
    const { key, fingerprint } = packet.idempotency;
    const name = `${packet.source.accountId} ${key}`;

    const first = underWay.get(name);
    if (first) {
      if (!first.fingerprint.equals(fingerprint)) return refuse(packet, keyReused());
      first.waiting += 1;
      // A peer that keeps asking while the answer is far away must not pile up here; later it finds it stored.
      return first.waiting > MAX_WAITING ? new Promise(() => {}) : first.reply;
    }

    const stored = store.findReply(packet.source.accountId, key);
    if (stored) {
      return stored.fingerprint.equals(fingerprint)
        ? deserializeIlpReply(stored.replyBytes)
        : refuse(packet, keyReused());
    }

    const reply = handleOnce(packet, next).finally(() => underWay.delete(name));
    underWay.set(name, { fingerprint, reply, waiting: 0 });
    return reply;
  };
}

/** Counts and answers a packet that does not go through the steps. */
export type Refuse = (packet: Packet, error: unknown) => Promise<IlpReply>;

const MAX_WAITING = 20;

// Async, so that a throw of the next step is a rejection.
const handleOnce = async (packet: Packet, next: Next): Promise<IlpReply> => next(packet);

const keyReused = () => new Errors.BadRequestError('this idempotency key was used for another packet');
