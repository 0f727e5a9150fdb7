import type { AccountId, Ledger, LedgerTx } from '../ledger/types.ts';
import { decodePrepare } from './decode.ts';
import { createPacket, type Packet } from './packet.ts';
import type { OutgoingPacket } from './packetStore.ts';
import type { AssetRef, PacketSource, Peer } from './types.ts';

/** The accounts that packets need. The ASE's own liquidity is paid in once, for every asset that it trades. */
export function openConnectorAccounts(
  tx: LedgerTx,
  { peers, asset, liquidityUnits }: { peers: readonly Peer[]; asset: AssetRef; liquidityUnits: bigint },
): void {
  for (const { assetCode, assetScale } of [asset, ...peers]) {
    const liquidity: AccountId = `liquidity:${assetCode}`;
    const external: AccountId = `external:${assetCode}`;
    const isNew = tx.account(liquidity) === undefined;
    tx.openAccount({ id: external, assetCode, assetScale, minBalanceUnits: null, maxBalanceUnits: null });
    tx.openAccount({ id: liquidity, assetCode, assetScale, minBalanceUnits: 0n, maxBalanceUnits: null });
    if (!isNew) continue;
    const legs = [{ debit: external, credit: liquidity, amountUnits: liquidityUnits }];
    tx.transfer({ id: `opening:${liquidity}`, legs });
  }
  for (const { id, assetCode, assetScale, creditLimitUnits } of peers) {
    tx.openAccount({
      id: `peer:${id}`,
      assetCode,
      assetScale,
      minBalanceUnits: -creditLimitUnits,
      maxBalanceUnits: null,
    });
  }
}

/** A packet as it was when it went out to `peer`, ready to be asked about. */
export function revivePacket(ledger: Ledger, outgoing: OutgoingPacket, peer: Peer): Packet {
  const destination = { kind: 'peer', peer } as const;
  const source = sourceOf(ledger, outgoing.sourceAccount);
  const { transferId: id, prepareBytes, idempotency, sourceUnits, destinationUnits } = outgoing;
  const packet = createPacket(source, decodePrepare(prepareBytes), idempotency, destination);
  const amounts = { id, sourceUnits, destinationUnits };
  packet.record.transfer = { ...amounts, destination, prepareBytes, mayHaveGoneOut: true };
  return packet;
}

function sourceOf(ledger: Ledger, accountId: AccountId): PacketSource {
  const account = ledger.read.account(accountId);
  if (!account) throw new Error(`A packet under way came from ${accountId}, which is not in the ledger`);
  const peerId = accountId.startsWith('peer:') ? accountId.slice('peer:'.length) : undefined;
  const { assetCode, assetScale } = account;
  // The address is for questions that a packet asks on its way in; this one is past them.
  const source = { accountId, assetCode, assetScale, ilpAddress: '' };
  return peerId === undefined ? { ...source, correlationId: paymentOf(accountId) } : { ...source, peerId };
}

/** A payment that began here has an account of its own, with its id in the name. */
function paymentOf(accountId: AccountId): string | undefined {
  return accountId.startsWith('payment:') ? accountId.slice('payment:'.length) : undefined;
}
