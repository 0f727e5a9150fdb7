import { randomBytes } from 'node:crypto';
import type { UnsignedTransaction } from '../../../chain/src/wire.ts';
import type { LedgerTx, TransferLeg } from '../ledger/types.ts';
import { book, legs } from './books.ts';
import { type Count, commitCounted, disputed, executed, type Parts } from './parts.ts';
import type { ChainTransaction, Channel } from './store.ts';
import type { Outcome, SettlementEngine } from './types.ts';

/**
 * Puts a decision into the books and reserves what it costs, in the caller's commit. From there on it happens: after a
 * crash it is given to the chain again, which takes one id once.
 */
export function decide(
  { store, publicKey }: Pick<Parts, 'store' | 'publicKey'>,
  tx: LedgerTx,
  decision: { engine: SettlementEngine; feeUnits: bigint; channel: Channel; content: Content },
): void {
  const { engine, feeUnits, channel, content } = decision;
  const id = `${engine.address}:${randomBytes(12).toString('hex')}`;
  const { method, token, peer } = channel;
  const body = { id, from: engine.address, publicKey, token, ...content } as UnsignedTransaction;
  const isFunding = content.kind === 'open' || content.kind === 'fund';
  const amountUnits = BigInt(content.amount);
  tx.prepare({
    id: reservationOf(id),
    legs: [...(isFunding ? legs.fund(channel, amountUnits) : []), ...legs.fee(method, token, feeUnits)],
    expiresAtMs: NEVER_MS,
  });
  store.addTransaction(tx, { id, method, kind: content.kind, channel: channel.id, peer, amountUnits, body });
}

type Part<T> = T extends unknown ? Omit<T, 'id' | 'from' | 'publicKey' | 'token'> : never;
export type Content = Part<Exclude<UnsignedTransaction, { kind: 'faucet' }>>;

/** The first money of this ASE on a chain; asked for once. */
export function decideFaucet(
  { store, publicKey }: Pick<Parts, 'store' | 'publicKey'>,
  tx: LedgerTx,
  { engine, token, amountUnits }: { engine: SettlementEngine; token: string; amountUnits: bigint },
): void {
  const id = `${engine.address}:faucet-${token}`;
  const body: UnsignedTransaction = {
    id,
    from: engine.address,
    publicKey,
    token,
    kind: 'faucet',
    amount: String(amountUnits),
  };
  store.addTransaction(tx, {
    id,
    method: engine.method,
    kind: 'faucet',
    channel: '',
    peer: '',
    amountUnits,
    body,
  });
}

/** Looks after one transaction: gives it to the chain, or books what became of it. */
export async function advance(parts: Parts, one: ChainTransaction): Promise<'waiting' | 'done' | 'failed'> {
  const { store, engines } = parts;
  const engine = engines.get(one.method)!;
  const outcome = await engine.outcome(one.id);
  if (outcome.state === 'unknown') {
    await engine.submit(one.body);
    return 'waiting';
  }
  if (outcome.state === 'waiting') {
    if (outcome.block === one.block) return 'waiting';
    const isReorged = one.block !== null;
    await commitCounted(parts, (tx, count) => {
      store.setBlock(tx, one.id, outcome.block);
      if (isReorged)
        count({ quantity: 'settlement_transactions_reorged_total', labels: { method: one.method }, by: 1n });
    });
    return 'waiting';
  }
  await commitCounted(parts, (tx, count) => {
    if (!store.endTransaction(tx, one.id)) return;
    bookOutcome(parts, tx, count, one, outcome);
  });
  if (outcome.state === 'failed')
    parts.log.warn({ method: one.method, kind: one.kind, error: outcome.error }, 'A transaction failed');
  return outcome.state;
}

/** A reservation that is undone by its outcome, never by time. */
const NEVER_MS = Number.MAX_SAFE_INTEGER;
const reservationOf = (id: string): string => `settlement:${id}`;

function bookOutcome(
  { store }: Parts,
  tx: LedgerTx,
  count: Count,
  one: ChainTransaction,
  outcome: Extract<Outcome, { state: 'done' | 'failed' }>,
): void {
  const { method, amountUnits } = one;
  const { token } = one.body;
  const isDone = outcome.state === 'done';
  if (one.kind === 'faucet') {
    if (isDone) book(tx, reservationOf(one.id), legs.faucet(method, token, amountUnits));
    return;
  }
  tx.void(reservationOf(one.id));
  const channel = store.channel(one.channel)!;
  book(tx, `${reservationOf(one.id)}:done`, [
    ...legs.fee(method, token, outcome.feeUnits),
    ...(isDone ? effect() : []),
  ]);

  function effect(): TransferLeg[] {
    switch (one.kind) {
      case 'open':
      case 'fund': {
        const fundedUnits = one.kind === 'open' ? amountUnits : channel.fundedUnits + amountUnits;
        store.saveChannel(tx, {
          ...channel,
          state: one.kind === 'open' ? 'open' : channel.state,
          fundedUnits,
        });
        count({ quantity: 'payment_channels_funded_total', labels: { method }, by: 1n });
        return legs.fund(channel, amountUnits);
      }
      case 'redeem': {
        // The chain may have closed the channel meanwhile, and paid this with the rest.
        if (amountUnits <= channel.redeemedUnits) return [];
        store.saveChannel(tx, { ...channel, redeemedUnits: amountUnits });
        return legs.redeem(channel, amountUnits - channel.redeemedUnits);
      }
      case 'close':
        // What it pays is read from the chain when the channel is closed there.
        if (channel.state === 'open') store.saveChannel(tx, { ...channel, state: 'closing' });
        return [];
      default:
        if (channel.state === 'closing' || channel.state === 'open') {
          store.saveChannel(tx, { ...channel, state: 'disputed' });
          count(disputed(method));
        }
        return [];
    }
  }

  if (isDone) return;
  if (one.kind === 'open') store.saveChannel(tx, { ...channel, state: 'failed' });
  if (one.kind === 'open' || one.kind === 'fund') count(executed(method, 'failed'));
}
