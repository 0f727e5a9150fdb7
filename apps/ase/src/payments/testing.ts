import {
  deserializeIlpPrepare,
  type IlpReply,
  isFulfill,
  serializeIlpPrepare,
  serializeIlpReply,
} from 'ilp-packet';
import { silent } from '../connector/testing.ts';
import { createLedger } from '../ledger/ledger.ts';
import { accountSpec, temporaryFolder } from '../ledger/testing.ts';
import type { Ledger } from '../ledger/types.ts';
import type { Fraction } from '../rates/fraction.ts';
import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';
import { createIncomingPayments } from './incomingPayments.ts';
import type { Plugin } from './pathProbe.ts';
import { multiplyDown } from './quoteMath.ts';
import { asReceiver, type Receiver } from './receivers.ts';
import { createStreamReceiver, type StreamReceiver } from './streamReceiver.ts';
import { definePaymentTables } from './tables.ts';

const ASSET = { assetCode: 'EUR', assetScale: 2 };

/** A receiving ASE without connector and sockets: its ledger, incoming payments and STREAM end are the real ones. */
export async function createTestReceiver(nowMs: () => number = Date.now) {
  const { folder, remove } = temporaryFolder();
  const ledger = createLedger({ file: `${folder}/ledger.sqlite`, now: nowMs });
  definePaymentTables(ledger);
  await ledger.commit((tx) => {
    tx.openAccount(accountSpec('external:EUR', { ...ASSET, minBalanceUnits: null }));
    tx.openAccount(accountSpec('fees:EUR', ASSET));
    tx.openAccount(accountSpec('wallet:alice', ASSET));
  });
  const metrics = recordingMetrics();
  const incomingPayments = createIncomingPayments({ ledger, asset: ASSET, metrics, log: silent, nowMs });
  const receiver = createStreamReceiver({
    serverSecret: Buffer.alloc(32, 7),
    ilpAddress: 'test.receiver',
    asset: ASSET,
    incomingPayments,
    roundingAccount: 'fees:EUR',
    log: silent,
    nowMs,
  });
  return {
    ledger,
    metrics,
    incomingPayments,
    receiver,
    asset: ASSET,
    create: (incomingUnits: bigint | null, expiresAtMs = nowMs() + 60_000) =>
      ledger.commit((tx) =>
        incomingPayments.create(tx, { wallet: 'alice', incomingUnits, metadata: null, expiresAtMs }),
      ),
    /** What a sender would get by asking for the payment. */
    view: (id: string): Receiver => asReceiver(incomingPayments.get(id), ASSET, receiver)!,
    async close() {
      await ledger.close();
      remove();
    },
  };
}

export interface TestPath extends Plugin {
  /** May be changed while a payment runs. */
  rate: Fraction;
  maxPacketUnits: bigint;
  /** Called before each packet; a reply that it gives is the packet's. */
  intercept?: (amountUnits: bigint) => IlpReply | undefined;
  /** So many of the next packets that the receiver fulfills fail, because their money cannot move. */
  refusals: number;
  packets: number;
  fulfilledSourceUnits: bigint;
}

/** A path to the receiver that converts, limits and posts as connectors do. */
export function createTestPath(
  to: { ledger: Ledger; receiver: StreamReceiver },
  rate: Fraction,
  maxPacketUnits = 10_000n,
): TestPath {
  const path: TestPath = {
    rate,
    maxPacketUnits,
    refusals: 0,
    packets: 0,
    fulfilledSourceUnits: 0n,
    sendData,
  };
  return path;

  async function sendData(bytes: Buffer): Promise<Buffer> {
    path.packets += 1;
    const prepare = deserializeIlpPrepare(bytes);
    const sourceUnits = BigInt(prepare.amount);
    const early = path.intercept?.(sourceUnits);
    if (early) return serializeIlpReply(early);
    if (sourceUnits > path.maxPacketUnits)
      return serializeIlpReply(tooLarge(sourceUnits, path.maxPacketUnits));
    const destination = to.receiver.resolve(prepare.destination);
    if (!destination) return serializeIlpReply(reject('F02'));
    const amountUnits = multiplyDown(sourceUnits, path.rate);
    const forwarded = deserializeIlpPrepare(
      serializeIlpPrepare({ ...prepare, amount: amountUnits.toString() }),
    );
    const reply = await to.receiver.receive(forwarded, destination);
    if (!isFulfill(reply)) return serializeIlpReply(reply);
    try {
      await to.ledger.commit((tx) => {
        if (path.refusals-- > 0) throw new Error('not enough liquidity');
        const legs = [{ debit: 'external:EUR', credit: destination.accountId, amountUnits } as const];
        tx.transfer({ id: crypto.randomUUID(), legs });
        destination.onPosted(tx, amountUnits);
      });
    } catch {
      destination.onRefused();
      return serializeIlpReply(reject('T00'));
    }
    destination.afterPosted(amountUnits);
    path.fulfilledSourceUnits += sourceUnits;
    return serializeIlpReply(reply);
  }
}

export const reject = (code: string): IlpReply => ({
  code,
  triggeredBy: 'test.connector',
  message: '',
  data: Buffer.alloc(0),
});

function tooLarge(receivedUnits: bigint, maximumUnits: bigint): IlpReply {
  const data = Buffer.alloc(16);
  data.writeBigUInt64BE(receivedUnits, 0);
  data.writeBigUInt64BE(maximumUnits, 8);
  return { ...reject('F08'), data } as IlpReply;
}

/** Keeps the sum of each counter as `name{labels}`. */
export function recordingMetrics(): OperatorMetrics & { counters: Map<string, bigint> } {
  const counters = new Map<string, bigint>();
  return {
    counters,
    add(name, labels, by) {
      const key = `${name}${JSON.stringify(labels)}`;
      counters.set(key, (counters.get(key) ?? 0n) + by);
    },
    change() {},
    record() {},
    observe() {},
  };
}
