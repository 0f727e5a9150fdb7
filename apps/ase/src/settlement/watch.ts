import { bookClosed } from './closed.ts';
import { commitCounted, disputed, type Parts } from './parts.ts';
import type { Channel } from './store.ts';
import { type Content, decide } from './transactions.ts';

/** Takes money out of a channel when so much has gathered: each time costs a fee. */
const REDEEM_AT_UNITS = 200_000n;

/** Looks at a channel on its chain, books what happened there, and answers it: a payee disputes an old state. */
export async function watchChannel(parts: Parts, channel: Channel): Promise<void> {
  const { store, engines } = parts;
  const engine = engines.get(channel.method);
  if (!engine || channel.state === 'opening') return;
  const found = await engine.channel(channel.id);
  if (!found) return;
  if (found.state === 'closed') {
    // Transactions of ours that are still under way end by themselves, and find nothing more to do.
    await commitCounted(parts, (tx, count) => bookClosed(parts, tx, count, channel.id, found));
    return;
  }
  const isNewDispute = found.state === 'disputed' && channel.state !== 'disputed';
  const isClosing = found.state === 'closing' && channel.state === 'open';
  if (isNewDispute || isClosing) {
    await commitCounted(parts, (tx, count) => {
      const now = store.channel(channel.id)!;
      if (now.state === 'closed' || now.state === 'disputed') return;
      store.saveChannel(tx, { ...now, state: isNewDispute ? 'disputed' : 'closing' });
      if (isNewDispute) count(disputed(channel.method));
    });
  }
  if (channel.role === 'in') await answer(parts, channel.id, found);
}

async function answer(
  parts: Parts,
  id: string,
  found: { state: string; nonce: number; redeemed: string },
): Promise<void> {
  const { ledger, store, engines } = parts;
  const engine = engines.get(store.channel(id)!.method)!;
  const feeUnits = await engine.feeUnits();
  await ledger.commit((tx) => {
    const channel = store.channel(id)!;
    if (channel.claimSignature === null || isBusy(parts, id)) return;
    const state = {
      channel: id,
      nonce: channel.nonce,
      amount: String(channel.claimedUnits),
      claimSignature: channel.claimSignature,
    };
    const open = channel.claimedUnits - channel.redeemedUnits;
    let content: Content | undefined;
    if (found.state === 'closing' && found.nonce < channel.nonce && open > feeUnits)
      content = { kind: 'dispute', ...state };
    else if (found.state === 'open' && open >= REDEEM_AT_UNITS) content = { kind: 'redeem', ...state };
    if (content) decide(parts, tx, { engine, feeUnits, channel, content });
  });
}

/** Whether a transaction of ours about this channel is under way. */
export function isBusy({ store }: Pick<Parts, 'store'>, channel: string): boolean {
  return store.transactions().some((one) => one.channel === channel);
}
