import type { AccountId, LedgerTx, TransferLeg } from '../ledger/types.ts';

/** The accounts of settlement, and what each event moves between them. What an ASE owns stands below zero in its books. */
export const account = {
  peer: (peer: string): AccountId => `peer:${peer}`,
  out: (peer: string): AccountId => `settled:out:${peer}`,
  in: (peer: string): AccountId => `settled:in:${peer}`,
  lost: (peer: string): AccountId => `settled:lost:${peer}`,
  chain: (method: string, token: string): AccountId => `chain:${method}:${token}`,
  fees: (method: string, token: string): AccountId => `chainfees:${method}:${token}`,
  channel: (id: string): AccountId => `channel:${id}`,
  claims: (id: string): AccountId => `claims:${id}`,
};

export const legs = {
  /** The first money on a chain comes from outside. */
  faucet: (method: string, token: string, amountUnits: bigint): TransferLeg[] => [
    { debit: account.chain(method, token), credit: `external:${token}`, amountUnits },
  ],
  fee: (method: string, token: string, amountUnits: bigint): TransferLeg[] =>
    some({ debit: account.fees(method, token), credit: account.chain(method, token), amountUnits }),
  fund: (channel: Place, amountUnits: bigint): TransferLeg[] =>
    some({
      debit: account.channel(channel.id),
      credit: account.chain(channel.method, channel.token),
      amountUnits,
    }),
  /** A claim given: what we owe the peer becomes less, and so does what is ours of the channel. */
  pay: (channel: Place, amountUnits: bigint): TransferLeg[] =>
    through(account.peer(channel.peer), account.out(channel.peer), account.channel(channel.id), amountUnits),
  /** A claim taken: the peer owes us less, and we may take more out of the channel. */
  receive: (channel: Place, amountUnits: bigint): TransferLeg[] =>
    through(account.claims(channel.id), account.in(channel.peer), account.peer(channel.peer), amountUnits),
  redeem: (channel: Place, amountUnits: bigint): TransferLeg[] =>
    some({
      debit: account.chain(channel.method, channel.token),
      credit: account.claims(channel.id),
      amountUnits,
    }),
  /** What the payer of a closed channel gets back of its own. */
  returned: (channel: Place, amountUnits: bigint): TransferLeg[] =>
    some({
      debit: account.chain(channel.method, channel.token),
      credit: account.channel(channel.id),
      amountUnits,
    }),
  /** The payee never took what it had a claim to: it came back, and we owe it again. */
  owedAgain: (channel: Place, amountUnits: bigint): TransferLeg[] =>
    through(
      account.chain(channel.method, channel.token),
      account.in(channel.peer),
      account.peer(channel.peer),
      amountUnits,
    ),
  /** The same at the payee: the claim is worth nothing any more, and the peer owes it again. */
  lostClaim: (channel: Place, amountUnits: bigint): TransferLeg[] =>
    through(account.peer(channel.peer), account.lost(channel.peer), account.claims(channel.id), amountUnits),
};

interface Place {
  id: string;
  method: string;
  token: string;
  peer: string;
}

/** A transfer of legs that may be none. */
export function book(tx: LedgerTx, id: string, all: readonly TransferLeg[]): void {
  if (all.length > 0) tx.transfer({ id, legs: all });
}

function some(leg: TransferLeg): TransferLeg[] {
  return leg.amountUnits === 0n ? [] : [leg];
}

function through(debit: AccountId, by: AccountId, credit: AccountId, amountUnits: bigint): TransferLeg[] {
  if (amountUnits === 0n) return [];
  return [
    { debit, credit: by, amountUnits },
    { debit: by, credit, amountUnits },
  ];
}

interface Asset {
  assetCode: string;
  assetScale: number;
}
/** Something owned: it may not become a debt. */
const OWNED = { minBalanceUnits: null, maxBalanceUnits: 0n };
const FREE = { minBalanceUnits: null, maxBalanceUnits: null };

export function openChainAccounts(tx: LedgerTx, method: string, asset: Asset): void {
  const { assetCode } = asset;
  tx.openAccount({ id: `external:${assetCode}`, ...asset, ...FREE });
  tx.openAccount({ id: account.chain(method, assetCode), ...asset, ...OWNED });
  tx.openAccount({ id: account.fees(method, assetCode), ...asset, ...FREE });
}

export function openPeerAccounts(tx: LedgerTx, peer: Asset & { id: string }): void {
  const { assetCode, assetScale } = peer;
  for (const id of [account.out(peer.id), account.in(peer.id), account.lost(peer.id)])
    tx.openAccount({ id, assetCode, assetScale, ...FREE });
}

export function openChannelAccount(tx: LedgerTx, id: AccountId, { assetCode, assetScale }: Asset): void {
  tx.openAccount({ id, assetCode, assetScale, ...OWNED });
}
