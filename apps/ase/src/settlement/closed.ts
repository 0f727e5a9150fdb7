import type { LedgerTx, TransferLeg } from '../ledger/types.ts';
import { book, legs } from './books.ts';
import { type Count, disputed, executed, type Parts, paid } from './parts.ts';
import type { Channel } from './store.ts';
import type { ChainChannel } from './types.ts';

/**
 * Books the end of a channel by what the chain paid to each side. A claim whose fate was open is decided by it: the
 * payee got it, or it did not and the debt is as it was.
 */
export function bookClosed(parts: Parts, tx: LedgerTx, count: Count, id: string, found: ChainChannel): void {
  const { store } = parts;
  const channel = store.channel(id);
  if (!channel || channel.state === 'closed') return;
  const paidUnits = BigInt(found.redeemed);
  const all =
    channel.role === 'out'
      ? payerLegs(parts, tx, count, channel, paidUnits, BigInt(found.funded))
      : payeeLegs(channel, paidUnits);
  book(tx, `settlement:closed:${id}`, all);
  const { method } = channel;
  if (found.reason === 'disputed' && channel.state !== 'disputed') count(disputed(method));
  count({
    quantity: 'payment_channels_closed_total',
    labels: { method, reason: found.reason ?? 'expired' },
    by: 1n,
  });
  store.saveChannel(tx, {
    ...store.channel(id)!,
    state: 'closed',
    fundedUnits: BigInt(found.funded),
    redeemedUnits: paidUnits,
  });
}

function payerLegs(
  { store }: Parts,
  tx: LedgerTx,
  count: Count,
  channel: Channel,
  paidUnits: bigint,
  fundedUnits: bigint,
): TransferLeg[] {
  let { claimedUnits } = channel;
  const open = store.settlements().find((one) => one.channel === channel.id);
  if (open && store.endSettlement(tx, open.id)) {
    if (paidUnits >= open.cumulativeUnits) {
      tx.post(open.id);
      claimedUnits = open.cumulativeUnits;
      store.saveChannel(tx, { ...channel, nonce: open.nonce, claimedUnits });
      count(executed(channel.method, 'success'));
      count(paid(channel.method, channel.token, open.amountUnits));
    } else {
      tx.void(open.id);
      count(executed(channel.method, 'failed'));
    }
  }
  // More than we know to have claimed cannot be: every claim was booked before it was signed.
  const owedAgain = claimedUnits > paidUnits ? claimedUnits - paidUnits : 0n;
  return [...legs.returned(channel, fundedUnits - claimedUnits), ...legs.owedAgain(channel, owedAgain)];
}

function payeeLegs(channel: Channel, paidUnits: bigint): TransferLeg[] {
  const { claimedUnits, redeemedUnits } = channel;
  return [
    ...legs.redeem(channel, paidUnits > redeemedUnits ? paidUnits - redeemedUnits : 0n),
    ...legs.lostClaim(channel, claimedUnits > paidUnits ? claimedUnits - paidUnits : 0n),
  ];
}
