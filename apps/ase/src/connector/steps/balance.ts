import { Errors, serializeIlpPrepare } from 'ilp-packet';
import { timeOrderedId } from '../../ledger/timeOrderedId.ts';
import type { AccountId, Ledger, TransferLeg } from '../../ledger/types.ts';
import { convertUnits, largestConvertible, MAX_AMOUNT, type Ratio } from '../conversion.ts';
import { NoRateError } from '../errors.ts';
import type { Destination, Packet, Step } from '../packet.ts';
import type { PacketStore } from '../packetStore.ts';
import type { AssetRef, RatesSource } from '../types.ts';

/** Ids of the transfers of packets begin so; the rest of the ledger belongs to others. */
const PACKET_TRANSFER_PREFIX = 'packet:';

/**
 * Converts the amount and, of a packet to a peer, reserves it on both sides before the packet goes on. The exact packet
 * that goes out is stored in the same commit: after a crash the peer can be asked again with the same bytes. For a
 * receiver in this ASE nothing is reserved: nobody outside is promised anything before the commit that ends the packet,
 * and that one says whether there is enough money.
 */
export function balance({
  ledger,
  store,
  rates,
}: {
  ledger: Ledger;
  store: PacketStore;
  rates: RatesSource;
}): Step {
  return async (packet, next) => {
    const sourceUnits = BigInt(packet.prepare.amount);
    // A packet without value moves nothing, so it needs no rate either.
    if (!packet.destination || sourceUnits === 0n) return next(packet);

    const account = accountOf(packet.destination);
    const destinationUnits = convert(packet, sourceUnits, ratioOf(rates, packet.source, account));
    const onward = { ...packet, prepare: { ...packet.prepare, amount: destinationUnits.toString() } };
    if (packet.record.isUnfulfillable) return next(onward);

    const id = `${PACKET_TRANSFER_PREFIX}${timeOrderedId()}`;
    const { destination } = packet;
    const legs = legsOf(packet.source, sourceUnits, account, destinationUnits);
    if (destination.kind === 'local') {
      packet.record.transfer = { id, sourceUnits, destinationUnits, destination, legs };
      return next(onward);
    }
    const expiresAtMs = onward.prepare.expiresAt.getTime();
    const prepareBytes = serializeIlpPrepare(onward.prepare);
    await ledger.commit((tx) => {
      tx.prepare({ id, legs, expiresAtMs });
      store.keepOutgoing(tx, {
        transferId: id,
        peerId: destination.peer.id,
        prepareBytes,
        sourceAccount: packet.source.accountId,
        idempotency: packet.idempotency,
        sourceUnits,
        destinationUnits,
      });
    });
    packet.record.transfer = { id, sourceUnits, destinationUnits, destination, prepareBytes };
    return next(onward);
  };
}

interface AssetAccount extends AssetRef {
  accountId: AccountId;
}

function accountOf(destination: Destination): AssetAccount {
  return destination.kind === 'local'
    ? destination.local
    : { ...destination.peer, accountId: `peer:${destination.peer.id}` };
}

function ratioOf(rates: RatesSource, from: AssetRef, to: AssetRef): Ratio {
  if (isSameAsset(from, to)) return { numerator: 1n, denominator: 1n };
  try {
    return rates.ratio(from, to);
  } catch (error) {
    throw new NoRateError(error instanceof Error ? error.message : 'there is no exchange rate');
  }
}

function convert({ record, prepare }: Packet, sourceUnits: bigint, ratio: Ratio): bigint {
  const units = convertUnits(sourceUnits, ratio);
  if (units > MAX_AMOUNT) {
    throw new Errors.AmountTooLargeError('the converted amount does not fit a packet', {
      receivedAmount: prepare.amount,
      maximumAmount: largestConvertible(ratio).toString(),
    });
  }
  // A probe may learn that its amount is worth nothing here; real money is not taken for nothing.
  if (units === 0n && !record.isUnfulfillable) {
    throw new Errors.InsufficientSourceAmountError('the amount is worth less than one unit after conversion');
  }
  return units;
}

/** Within one asset the money goes straight; between two it passes the ASE's own liquidity, which takes the exchange. */
function legsOf(
  source: AssetAccount,
  sourceUnits: bigint,
  destination: AssetAccount,
  destinationUnits: bigint,
): TransferLeg[] {
  if (isSameAsset(source, destination)) {
    return [{ debit: source.accountId, credit: destination.accountId, amountUnits: sourceUnits }];
  }
  return [
    { debit: source.accountId, credit: `liquidity:${source.assetCode}`, amountUnits: sourceUnits },
    {
      debit: `liquidity:${destination.assetCode}`,
      credit: destination.accountId,
      amountUnits: destinationUnits,
    },
  ];
}

const isSameAsset = (a: AssetRef, b: AssetRef): boolean =>
  a.assetCode === b.assetCode && a.assetScale === b.assetScale;
