import { type IlpReply, isFulfill, serializeIlpReply } from 'ilp-packet';
import type { ConnectorErrorType } from '../../../../telemetry/catalogue.ts';
import { LedgerError } from '../ledger/errors.ts';
import type { Ledger, LedgerTx, TotalIncrement } from '../ledger/types.ts';
import { aboutPacket } from './correlation.ts';
import { toRefusal } from './errors.ts';
import type { ImmediateTransfer, Packet, ReservedTransfer } from './packet.ts';
import type { PacketStore } from './packetStore.ts';
import { errorTotals, packetTotals } from './packetTotals.ts';
import type { Log } from './services.ts';
import type { Wait } from './waiting.ts';

/** Ends packets: their money, the totals and the stored reply are one commit. */
export interface Closing {
  /** Resolves to the reply that is now on disk; it may differ from the one given when the ledger refuses that. */
  close(packet: Packet, reply: IlpReply): Promise<IlpReply>;
  /** Counts an error that no packet ends with. */
  countError(type: ConnectorErrorType, afterwards: () => void): void;
}

/** What still has to go into the totals, from packets that ended while the ledger took nothing. */
interface Owed {
  totals: TotalIncrement[];
  noteEnd?(tx: LedgerTx): void;
  markWritten(): void;
}
const MAX_OWED = 10_000;

const RETRY_MS = { first: 50, most: 2_000 };

export function createClosing({ ledger, store, ilpAddress, wait, log }: ClosingOptions): Closing {
  let owed: Owed[] = [];

  /** One commit with `work` and all that is owed. */
  async function commit(last: Owed, work: (tx: LedgerTx) => void): Promise<void> {
    const all = [...owed, last];
    owed = [];
    try {
      await ledger.commit((tx) => {
        work(tx);
        for (const { totals, noteEnd } of all) {
          for (const total of totals) tx.addTotal(total);
          noteEnd?.(tx);
          if (totals.some(({ quantity }) => quantity === 'connector_errors_total')) store.keepErrorTime(tx);
        }
      });
    } catch (error) {
      owed = [...all.slice(0, -1), ...owed];
      throw error;
    }
    for (const { markWritten } of all) markWritten();
  }

  /** No value hangs on these totals, so nobody waits for them: they come with the next commit that works. */
  async function commitTotals(last: Owed, work: (tx: LedgerTx) => void, about: object = {}): Promise<void> {
    try {
      await commit(last, work);
    } catch (error) {
      if (isUnavailable(error) && owed.length < MAX_OWED) owed.push(last);
      else log.error({ err: error, ...about }, 'A packet could not be counted');
    }
  }

  /** The receiver is here, so nobody was promised anything yet: money and payment change now, or the packet fails. */
  async function moveMoney(
    packet: Packet,
    transfer: ImmediateTransfer,
    fulfill: IlpReply,
  ): Promise<IlpReply> {
    const { id, legs, destination, destinationUnits } = transfer;
    try {
      await commit(endOf(packet, fulfill), (tx) => {
        tx.transfer({ id, legs });
        destination.local.onPosted(tx, destinationUnits);
        keepReply(tx, store, packet, fulfill);
      });
    } catch (error) {
      destination.local.onRefused();
      return closeUnmoved(packet, refuse(packet, error));
    }
    tellReceiver(packet, transfer);
    return fulfill;
  }

  function refuse(packet: Packet, error: unknown): IlpReply {
    const { reject, errorType } = toRefusal(error, ilpAddress);
    packet.record.errorType = errorType;
    if (errorType === 'internal' || errorType === 'ledger_unavailable')
      log.error({ err: error, ...aboutPacket(packet) }, 'The end of a packet could not be written');
    return reject;
  }

  /** The money must end as the peer has it, however long the ledger takes to accept that. */
  async function endReserved(packet: Packet, { id }: ReservedTransfer, reply: IlpReply): Promise<IlpReply> {
    for (let delayMs = RETRY_MS.first; ; delayMs = Math.min(delayMs * 2, RETRY_MS.most)) {
      try {
        await commit(endOf(packet, reply), (tx) => {
          if (isFulfill(reply)) tx.post(id);
          else tx.void(id);
          store.forgetOutgoing(tx, id);
          keepReply(tx, store, packet, reply);
        });
        return reply;
      } catch (error) {
        if (delayMs === RETRY_MS.first) {
          log.error({ err: error, ...aboutPacket(packet) }, 'The end of a packet could not be written');
        }
        if (!isFulfill(reply) && !isUnavailable(error)) return reply;
        await wait(delayMs);
      }
    }
  }

  async function closeUnmoved(packet: Packet, reply: IlpReply): Promise<IlpReply> {
    const work = (tx: LedgerTx) => keepReply(tx, store, packet, reply);
    await commitTotals(endOf(packet, reply), work, aboutPacket(packet));
    return reply;
  }

  /** The packet has ended, whatever the receiver makes of the news. */
  function tellReceiver(packet: Packet, { destination, destinationUnits }: ImmediateTransfer): void {
    try {
      destination.local.afterPosted(destinationUnits);
    } catch (error) {
      log.error({ err: error, ...aboutPacket(packet) }, 'A receiver failed after its packet was posted');
    }
  }

  return {
    async close(packet, reply) {
      const { transfer } = packet.record;
      if (transfer && !('legs' in transfer)) return endReserved(packet, transfer, reply);
      return transfer && isFulfill(reply) ? moveMoney(packet, transfer, reply) : closeUnmoved(packet, reply);
    },
    countError: (type, afterwards) =>
      void commitTotals({ totals: errorTotals(type), markWritten: afterwards }, () => {}),
  };
}

interface ClosingOptions {
  ledger: Ledger;
  store: PacketStore;
  ilpAddress: string;
  wait: Wait;
  log: Log;
}

function endOf(packet: Packet, reply: IlpReply): Owed {
  const { noteEnd, markWritten } = packet.record;
  return {
    totals: packetTotals(packet, reply),
    markWritten,
    ...(noteEnd && { noteEnd: (tx: LedgerTx) => noteEnd(tx, reply) }),
  };
}

function keepReply(tx: LedgerTx, store: PacketStore, { source, idempotency }: Packet, reply: IlpReply): void {
  if (idempotency) store.keepReply(tx, source.accountId, idempotency, serializeIlpReply(reply));
}

const isUnavailable = (error: unknown): boolean =>
  error instanceof LedgerError && error.code === 'unavailable';
