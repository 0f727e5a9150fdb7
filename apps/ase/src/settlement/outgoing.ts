import { randomBytes } from 'node:crypto';
import { LedgerError } from '../ledger/errors.ts';
import type { TraceSpan } from '../tracing/tracing.ts';
import { account, legs, openChannelAccount } from './books.ts';
import { commitCounted, executed, type Parts, paid } from './parts.ts';
import type { Channel, OpenSettlement } from './store.ts';
import { decide } from './transactions.ts';
import type { ClaimAnswer, SettlementPeer, SettlementTerms } from './types.ts';
import { isBusy } from './watch.ts';

/** What to do next about paying one peer. Takes one step, so that every step can be the last before a crash. */
export async function payPeer(parts: Parts, peer: SettlementPeer, order: Order | undefined): Promise<Step> {
  const { store, engines, ledger } = parts;
  const open = store.settlements().find((one) => one.peer === peer.id);
  if (open) return sendClaim(parts, open);
  const terms = peer.settlement;
  const engine = terms && engines.get(terms.method);
  if (!terms || !engine) return 'nothing';
  const dueUnits = order?.amountUnits ?? due(parts, peer, terms);
  if (dueUnits <= 0n) return 'nothing';
  if (!parts.dueSinceMs.has(peer.id)) parts.dueSinceMs.set(peer.id, parts.now());

  const channels = store.liveChannels().filter((one) => one.peer === peer.id && one.role === 'out');
  const channel = channels.find(
    (one) => one.method === terms.method && one.state !== 'closing' && one.state !== 'disputed',
  );
  if (channel && (channel.state === 'opening' || isBusy(parts, channel.id))) return 'waiting';
  const freeUnits = channel ? channel.fundedUnits - channel.claimedUnits : 0n;
  if (channel && freeUnits >= dueUnits) {
    await signNext(parts, channel, dueUnits);
    return 'done';
  }
  // biome-ignore lint/complexity/useMathMinMax: Math.max() takes no bigint
  const amountUnits = dueUnits > terms.channelUnits ? dueUnits : terms.channelUnits;
  const feeUnits = await engine.feeUnits();
  if (channel) {
    await ledger.commit((tx) => {
      const content = { kind: 'fund', channel: channel.id, amount: String(amountUnits) } as const;
      decide(parts, tx, { engine, feeUnits, channel, content });
    });
    return 'done';
  }
  const to = await parts.links.get(peer.id)!.address(terms.method);
  await ledger.commit((tx) => {
    const id = randomBytes(16).toString('hex');
    openChannelAccount(tx, account.channel(id), peer);
    const fresh = newChannel(parts, peer, terms, id);
    store.saveChannel(tx, fresh);
    const content = { kind: 'open', channel: id, to, amount: String(amountUnits) } as const;
    decide(parts, tx, { engine, feeUnits, channel: fresh, content });
  });
  return 'done';
}

export type Step = 'nothing' | 'waiting' | 'done' | 'refused';

/** What somebody wants to be settled now, whatever the threshold. */
export interface Order {
  amountUnits: bigint;
}

/** What is due by the terms: 0 below the threshold. What is reserved already does not count again. */
export function due({ ledger }: Pick<Parts, 'ledger'>, peer: { id: string }, terms: SettlementTerms): bigint {
  const owed = owedUnits({ ledger }, peer.id);
  return owed >= terms.thresholdUnits ? owed - terms.settleToUnits : 0n;
}

/** What we owe a peer, without what is being paid. */
export function owedUnits({ ledger }: Pick<Parts, 'ledger'>, peerId: string): bigint {
  const books = ledger.read.account(account.peer(peerId));
  return books ? books.balanceUnits - books.pendingDebitUnits : 0n;
}

function newChannel(
  { publicKey }: Parts,
  peer: SettlementPeer,
  { method }: SettlementTerms,
  id: string,
): Channel {
  return {
    id,
    method,
    peer: peer.id,
    role: 'out',
    token: peer.assetCode,
    publicKey,
    state: 'opening',
    fundedUnits: 0n,
    nonce: 0,
    claimedUnits: 0n,
    claimSignature: null,
    redeemedUnits: 0n,
  };
}

/** Reserves the money before the claim is signed: once signed it is the peer's, whether we hear of it or not. */
function signNext({ ledger, store }: Parts, channel: Channel, amountUnits: bigint): Promise<void> {
  return ledger.commit((tx) => {
    const nonce = channel.nonce + 1;
    const id = `settlement:${channel.id}:${nonce}:${randomBytes(4).toString('hex')}`;
    tx.prepare({ id, legs: legs.pay(channel, amountUnits), expiresAtMs: Number.MAX_SAFE_INTEGER });
    store.addSettlement(tx, {
      id,
      peer: channel.peer,
      channel: channel.id,
      amountUnits,
      nonce,
      cumulativeUnits: channel.claimedUnits + amountUnits,
    });
  });
}

/** One attempt is one span; the trace begins when the peer was due. */
async function sendClaim(parts: Parts, open: OpenSettlement): Promise<Step> {
  const { method, state } = parts.store.channel(open.channel)!;
  // The chain will say what became of the claim.
  if (state !== 'open') return 'waiting';
  const span = parts.tracing?.root('settlement', {
    startedAtMs: parts.dueSinceMs.get(open.peer) ?? open.createdAtMs,
    attributes: {
      'settlement.method': method,
      'settlement.amount': String(open.amountUnits),
      'peer.destination': open.peer,
    },
  });
  try {
    const step = await deliverClaim(parts, open, span);
    span?.end(step === 'refused' ? 'refused' : undefined);
    return step;
  } catch (error) {
    span?.end('peer_unreachable');
    throw error;
  }
}

async function deliverClaim(parts: Parts, open: OpenSettlement, span: TraceSpan | undefined): Promise<Step> {
  const { store, engines, links, metrics } = parts;
  const channel = store.channel(open.channel)!;
  const engine = engines.get(channel.method)!;
  const claim = { channel: channel.id, nonce: open.nonce, amountUnits: open.cumulativeUnits };
  const signature = engine.signClaim(claim);
  const message = {
    method: channel.method,
    channel: channel.id,
    nonce: open.nonce,
    amount: String(open.cumulativeUnits),
    signature,
  };
  const asking = span?.span('settlement.send', {
    kind: 'client',
    attributes: { 'peer.destination': open.peer },
  });
  const answer = await links
    .get(open.peer)!
    .claim(message, asking?.header)
    .finally(() => asking?.end());
  if (!isTaken(answer, open)) {
    parts.log.warn({ peer: open.peer, code: answer.accepted ? '' : answer.code }, 'A peer refuses a claim');
    await giveUp(parts, channel);
    return 'refused';
  }
  await commitCounted(parts, (tx, count) => {
    if (!store.endSettlement(tx, open.id)) return;
    tx.post(open.id);
    store.saveChannel(tx, {
      ...store.channel(channel.id)!,
      nonce: open.nonce,
      claimedUnits: open.cumulativeUnits,
      claimSignature: signature,
    });
    count(executed(channel.method, 'success'));
    count(paid(channel.method, channel.token, open.amountUnits));
  });
  const sinceMs = parts.dueSinceMs.get(open.peer) ?? open.createdAtMs;
  parts.dueSinceMs.delete(open.peer);
  metrics.record(
    'settlement_latency_seconds',
    { method: channel.method },
    (parts.now() - sinceMs) / 1000,
    span,
  );
  return 'done';
}

/** An answer that was lost makes the next one say "replayed": the peer has it. */
function isTaken(answer: ClaimAnswer, { nonce }: OpenSettlement): boolean {
  return answer.accepted || (answer.code === 'replayed' && answer.nonce === nonce);
}

/** A channel whose claims the peer does not take is closed; the chain then decides about the open one. */
export async function giveUp(parts: Parts, channel: Channel): Promise<boolean> {
  const engine = parts.engines.get(channel.method)!;
  const feeUnits = await engine.feeUnits();
  return parts.ledger.commit((tx) => {
    const now = parts.store.channel(channel.id)!;
    if (now.state !== 'open' || isBusy(parts, now.id)) return false;
    const { nonce, claimedUnits, claimSignature } = now;
    decide(parts, tx, {
      engine,
      feeUnits,
      channel: now,
      content: { kind: 'close', channel: now.id, nonce, amount: String(claimedUnits), claimSignature },
    });
    return true;
  });
}

/** Whether the books have no money for it now: on the chain, or in the channel. */
export function isWithoutMoney(error: unknown): boolean {
  return (
    error instanceof LedgerError && (error.code === 'limit_exceeded' || error.code === 'insufficient_balance')
  );
}
