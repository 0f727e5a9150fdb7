import { Errors } from 'ilp-packet';
import type { Step } from '../packet.ts';
import type { Waiting } from '../waiting.ts';

/** Taken off the expiry at each hop: the time in which a reply from downstream still finds its way back. */
export const MESSAGE_WINDOW_MS = 1_000;
/** What a peer must have left to do its part. */
const MIN_REMAINING_MS = 500;
/** However late a packet says that it expires, nobody's money is held for longer. */
export const MAX_HOLD_MS = 30_000;

/**
 * Refuses what has expired and gives downstream less time than there is. The wall clock is read once: from then
 * on a timer counts, so a jump of the clock hurts no packet under way.
 */
export function expiry({ now, atMost }: { now: () => number; atMost: Waiting['atMost'] }): Step {
  return async (packet, next) => {
    const nowMs = now();
    const remainingMs = Math.min(packet.prepare.expiresAt.getTime() - nowMs, MAX_HOLD_MS);
    if (remainingMs <= 0) throw new Errors.TransferTimedOutError('the packet has expired');
    if (packet.destination?.kind !== 'peer') return atMost(remainingMs, next(packet));

    const onwardMs = remainingMs - MESSAGE_WINDOW_MS;
    if (onwardMs < MIN_REMAINING_MS)
      throw new Errors.InsufficientTimeoutError('too little time for the next hop');
    // No timer: only the peer knows whether it took the money, so its answer ends the packet, however late.
    return next({ ...packet, prepare: { ...packet.prepare, expiresAt: new Date(nowMs + onwardMs) } });
  };
}
