import { z } from 'zod';
import { SETTLEMENT_METHODS, type SettlementRefusal } from '../../../../telemetry/catalogue.ts';
import { isClaimSigned } from '../../../chain/src/wire.ts';
import type { TraceSpan } from '../tracing/tracing.ts';
import { account, legs, openChannelAccount } from './books.ts';
import { commitCounted, type Parts, refusal } from './parts.ts';
import type { Channel } from './store.ts';
import { type ClaimMessage, SettlementRefused } from './types.ts';

const CLAIM = z.strictObject({
  method: z.enum(SETTLEMENT_METHODS),
  channel: z.string().regex(/^[0-9a-f]{32}$/),
  nonce: z.int().min(1).max(1_000_000_000),
  // A sign is let through here, so that "below zero" gets an answer of its own.
  amount: z.string().regex(/^-?\d{1,15}$/),
  signature: z.string().regex(/^[\w-]{86}$/),
});

/**
 * Takes a peer's claim into the books, once. Rejects with a SettlementRefused, which is counted, and then nothing was
 * booked; the newest claim that we have stays worth what it was.
 */
export async function takeClaim(
  parts: Parts,
  peerId: string,
  message: unknown,
  span?: TraceSpan,
): Promise<{ nonce: number }> {
  try {
    const claim = read(message);
    span?.set({ 'settlement.method': claim.method });
    const channel = await channelOf(parts, peerId, claim);
    return await commitCounted(parts, (tx) => {
      // Again inside the commit: another claim may have come first.
      const now = parts.store.channel(channel.id)!;
      const gainedUnits = check(now, claim);
      span?.set({ 'settlement.amount': String(gainedUnits) });
      tx.transfer({
        id: `settlement:claim:${now.id}:${claim.nonce}`,
        legs: legs.receive(now, gainedUnits),
      });
      parts.store.saveChannel(tx, {
        ...now,
        nonce: claim.nonce,
        claimedUnits: BigInt(claim.amount),
        claimSignature: claim.signature,
      });
      return { nonce: claim.nonce };
    });
  } catch (error) {
    if (error instanceof SettlementRefused) await countRefusal(parts, error.code);
    throw error;
  }
}

/** Every refusal is a number, wherever it came from. */
export function countRefusal(parts: Parts, code: SettlementRefusal): Promise<void> {
  return commitCounted(parts, (_tx, count) => count(refusal(code)));
}

function read(message: unknown): ClaimMessage {
  const parsed = CLAIM.safeParse(message);
  if (!parsed.success) {
    const why = parsed.error.issues.map(({ path }) => path.join('.') || 'the message').join(', ');
    throw new SettlementRefused('malformed', `This is no claim: look at ${why}`);
  }
  if (parsed.data.amount.startsWith('-')) {
    throw new SettlementRefused('below_zero', 'A claim cannot take money back');
  }
  return parsed.data;
}

/** The channel of a claim, as we know it or else as the chain does. */
async function channelOf(parts: Parts, peerId: string, claim: ClaimMessage): Promise<Channel> {
  const { store, engines, peers } = parts;
  const known = store.channel(claim.channel);
  if (known && (known.peer !== peerId || known.role !== 'in' || known.method !== claim.method))
    throw unknown();
  if (known && BigInt(claim.amount) <= known.fundedUnits) return known;
  const engine = engines.get(claim.method);
  const found = await engine?.channel(claim.channel);
  const peer = peers.get(peerId)!;
  if (!found || found.to !== engine!.address || found.token !== peer.assetCode) throw unknown();
  if (found.state !== 'open' && !known)
    throw new SettlementRefused('closed_channel', 'This channel is being closed');
  await parts.ledger.commit((tx) => {
    const now = store.channel(claim.channel);
    if (now) {
      store.saveChannel(tx, { ...now, fundedUnits: BigInt(found.funded) });
      return;
    }
    openChannelAccount(tx, account.claims(claim.channel), peer);
    store.saveChannel(tx, {
      id: claim.channel,
      method: claim.method,
      peer: peerId,
      role: 'in',
      token: found.token,
      publicKey: found.publicKey,
      state: 'open',
      fundedUnits: BigInt(found.funded),
      nonce: 0,
      claimedUnits: 0n,
      claimSignature: null,
      redeemedUnits: 0n,
    });
  });
  return store.channel(claim.channel)!;
}

const unknown = () => new SettlementRefused('unknown_channel', 'There is no such channel from you to us');

/** What the claim adds to the one before. The signature comes first: nobody else's word says anything about a channel. */
function check(channel: Channel, claim: ClaimMessage): bigint {
  const amountUnits = BigInt(claim.amount);
  const signed = { channel: channel.id, nonce: claim.nonce, amountUnits };
  if (!isClaimSigned(channel.method, signed, claim.signature, channel.publicKey))
    throw new SettlementRefused('wrong_signature', 'The signature is not the payer’s');
  if (claim.nonce === channel.nonce && amountUnits === channel.claimedUnits)
    throw new SettlementRefused('replayed', 'We have this claim already', channel.nonce);
  if (claim.nonce <= channel.nonce)
    throw new SettlementRefused('stale_state', 'We have a newer claim', channel.nonce);
  if (channel.state !== 'open') throw new SettlementRefused('closed_channel', 'This channel is closed');
  if (amountUnits <= channel.claimedUnits)
    throw new SettlementRefused('below_zero', 'A newer claim has to be above the one before');
  if (amountUnits > channel.fundedUnits)
    throw new SettlementRefused('over_funding', 'There is less than that in the channel');
  return amountUnits - channel.claimedUnits;
}
