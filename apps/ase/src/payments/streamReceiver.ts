import { randomBytes, randomUUID } from 'node:crypto';
import { type IncomingMoney, StreamServer } from '@interledger/stream-receiver';
import { Errors, type IlpPrepare, type IlpReply, isIlpReply } from 'ilp-packet';
import { createFirstTime, type LineIds } from '../connector/correlation.ts';
import type { Log } from '../connector/services.ts';
import type { AssetRef, LocalDestination, LocalReceiver } from '../connector/types.ts';
import type { AccountId, Ledger, LedgerTx } from '../ledger/types.ts';
import { PaymentsError } from './errors.ts';
import { type IncomingPayments, isOpen } from './incomingPayments.ts';
import { createRecent } from './recent.ts';

/** STREAM credentials by which a sender reaches one incoming payment. */
export interface StreamCredentials {
  ilpAddress: string;
  sharedSecret: Buffer;
}

export interface StreamReceiver extends LocalReceiver {
  credentials(incomingPaymentId: string): StreamCredentials;
}

/**
 * Whole units of the sender's asset seldom make exactly what is missing, so a payment's last packet may carry
 * this much more. The payment takes what it misses; the rest is the ASE's gain from rounding.
 */
const ROUNDING_UNITS = 2n;

/** Incoming payments whose address is remembered: making one, or reading it, costs as much as a packet's encryption. */
const MAX_ADDRESSES = 1_000;

/** The STREAM end of incoming payments: decides which packets are fulfilled, and books them. */
export function createStreamReceiver(options: {
  serverSecret: Buffer;
  ilpAddress: string;
  asset: AssetRef;
  incomingPayments: IncomingPayments;
  /** Takes the gain from rounding. */
  roundingAccount: AccountId;
  log: Log;
  nowMs?: () => number;
}): StreamReceiver {
  const { asset, incomingPayments, roundingAccount, log } = options;
  const nowMs = options.nowMs ?? Date.now;
  const server = new StreamServer({ serverSecret: options.serverSecret, serverAddress: options.ilpAddress });
  const accepted = new AcceptedPackets();
  const isNew = createFirstTime();
  const credentialsOf = createRecent<StreamCredentials>({ most: MAX_ADDRESSES });
  const paymentAt = createRecent<string>({ most: MAX_ADDRESSES });

  /** Those of one payment can be made as often as one likes; all of them are good. */
  function credentials(incomingPaymentId: string): StreamCredentials {
    const known = credentialsOf.get(incomingPaymentId);
    if (known) return known;
    const made = server.generateCredentials({
      paymentTag: incomingPaymentId,
      asset: { code: asset.assetCode, scale: asset.assetScale },
    });
    credentialsOf.set(incomingPaymentId, made);
    paymentAt.set(made.ilpAddress, incomingPaymentId);
    return made;
  }

  /** Undefined when the address is none that we gave. */
  function paymentIdAt(ilpAddress: string): string | undefined {
    const known = paymentAt.get(ilpAddress);
    if (known !== undefined) return known;
    const id = server.decodePaymentTag(ilpAddress) || undefined;
    if (id !== undefined) paymentAt.set(ilpAddress, id);
    return id;
  }

  function decide(money: IncomingMoney, prepare: IlpPrepare, destination: LocalDestination): IlpReply {
    const payment = money.paymentTag === undefined ? undefined : incomingPayments.get(money.paymentTag);
    // Closes the sender's connection: it need not try again.
    if (!payment || !isOpen(payment) || payment.expiresAtMs <= nowMs()) return money.finalDecline();
    const amountUnits = BigInt(prepare.amount);
    if (payment.incomingUnits !== null) {
      const missing = payment.incomingUnits - payment.receivedUnits - accepted.units(payment.id, nowMs());
      // The sender learns from this reply what arrived, corrects its rate and sends less.
      if (missing <= 0n || amountUnits > missing + ROUNDING_UNITS) return money.temporaryDecline();
    }
    accepted.add(payment.id, destination, { units: amountUnits, expiresAtMs: prepare.expiresAt.getTime() });
    return money.accept();
  }

  return {
    credentials,

    resolve(destination, about = {}) {
      const id = paymentIdAt(destination);
      const payment = id ? incomingPayments.get(id) : undefined;
      if (!payment) return undefined;
      const accountId: AccountId = `wallet:${payment.wallet}`;
      let afterCommit = () => {};
      const local: LocalDestination = {
        accountId,
        assetCode: asset.assetCode,
        assetScale: asset.assetScale,
        onPosted(tx, amountUnits) {
          // From this commit on it counts as received, so no more as accepted.
          accepted.remove(payment.id, local);
          afterCommit = bookOrRefuse(tx, payment.id, accountId, amountUnits, about);
        },
        afterPosted: () => {
          if (about.correlationId !== undefined && isNew(about.correlationId)) {
            log.info({ ...about, incomingPaymentId: payment.id }, 'A payment arrives');
          }
          afterCommit();
        },
        onRefused: () => accepted.remove(payment.id, local),
      };
      return local;
    },

    async receive(prepare, destination) {
      const moneyOrReply = server.createReply(prepare);
      return isIlpReply(moneyOrReply) ? moneyOrReply : decide(moneyOrReply, prepare, destination);
    },
  };

  /** Its owner may complete a payment after a packet was accepted: that is nobody's fault, and the packet's end. */
  function bookOrRefuse(...packet: Parameters<typeof bookPacket>): () => void {
    try {
      return bookPacket(...packet);
    } catch (error) {
      throw error instanceof PaymentsError ? new Errors.UnreachableError(error.message) : error;
    }
  }

  function bookPacket(
    tx: LedgerTx,
    id: string,
    wallet: AccountId,
    amountUnits: bigint,
    about: LineIds,
  ): () => void {
    if (amountUnits === 0n) return () => {};
    const { leftUnits, afterCommit } = incomingPayments.credit(tx, id, amountUnits, {
      mayLeaveUnits: ROUNDING_UNITS,
      about,
    });
    if (leftUnits > 0n) {
      const legs = [{ debit: wallet, credit: roundingAccount, amountUnits: leftUnits }];
      tx.transfer({ id: `rounding:${randomUUID()}`, legs });
    }
    return afterCommit;
  }
}

/** The secret behind all STREAM credentials, made once and kept, so that addresses outlive a restart. */
export function serverSecret(ledger: Ledger): Promise<Buffer> {
  return ledger.commit((tx) => {
    const row = tx.sql.get<{ secret: Uint8Array }>("SELECT secret FROM server_secrets WHERE name = 'stream'");
    if (row) return Buffer.from(row.secret);
    const secret = randomBytes(32);
    tx.sql.run("INSERT INTO server_secrets (name, secret) VALUES ('stream', ?)", secret);
    return secret;
  });
}

/** Packets that were accepted and are not posted yet: together they must fit into what a payment misses. */
class AcceptedPackets {
  readonly #byPayment = new Map<string, Map<LocalDestination, { units: bigint; expiresAtMs: number }>>();

  add(id: string, packet: LocalDestination, reservation: { units: bigint; expiresAtMs: number }): void {
    const packets = this.#byPayment.get(id) ?? new Map();
    this.#byPayment.set(id, packets.set(packet, reservation));
  }

  remove(id: string, packet: LocalDestination): void {
    const packets = this.#byPayment.get(id);
    packets?.delete(packet);
    if (packets?.size === 0) this.#byPayment.delete(id);
  }

  /** A packet that timed out before it was posted never comes back to say so: it counts until it expires. */
  units(id: string, nowMs: number): bigint {
    let sum = 0n;
    for (const [packet, { units, expiresAtMs }] of this.#byPayment.get(id) ?? []) {
      if (expiresAtMs > nowMs) sum += units;
      else this.remove(id, packet);
    }
    return sum;
  }
}
