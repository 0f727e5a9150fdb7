import {
  Counter,
  Int,
  isPaymentError,
  PaymentError,
  type PaymentProgress,
  PaymentType,
  type PositiveInt,
  type PositiveRatio,
  Ratio,
  type ResolvedPayment,
} from '@interledger/pay';
import { PacingController } from '@interledger/pay/dist/src/controllers/pacer.js';
import { PaymentSender } from '@interledger/pay/dist/src/senders/payment.js';
import type { Fraction } from '../rates/fraction.ts';
import { EagerPacing } from './eagerPacing.ts';
import type { Plugin } from './pathProbe.ts';
import type { Path } from './quoteMath.ts';
import type { Receiver } from './receivers.ts';

export interface SendOrder {
  receiver: Receiver;
  path: Path;
  /** Never more than this leaves, in the sender's asset. */
  maxSourceUnits: bigint;
  /** This much shall arrive, in the receiver's asset. */
  deliverUnits: bigint;
}

/** Whether all arrived; if not, why, and whether another attempt may help. */
export type SendResult = { delivered: true } | { delivered: false; reason: string; isFinal: boolean };

/** Without any progress for this long an attempt is given up; packets under way expire before that. */
const STALL_MS = 40_000;
/** A packet may yield this much less than the quoted rate. */
const SLIPPAGE_PERCENT = 1n;

/** One attempt to deliver an exact amount by STREAM. Resolves when no packet of it is under way, or it stalled. */
export async function sendByStream(plugin: Plugin, order: SendOrder): Promise<SendResult> {
  const { receiver, path } = order;
  const watch = watchProgress(order);
  const quote = {
    paymentType: PaymentType.FixedDelivery,
    maxSourceAmount: positive(order.maxSourceUnits),
    minDeliveryAmount: Int.from(order.deliverUnits) ?? Int.ZERO,
    maxPacketAmount: positive(path.maxPacketUnits),
    lowEstimatedExchangeRate: ratio(path.low),
    highEstimatedExchangeRate: positiveRatio(path.high),
    minExchangeRate: ratio({
      numerator: path.low.numerator * (100n - SLIPPAGE_PERCENT),
      denominator: path.low.denominator * 100n,
    }),
  };
  try {
    const { onProgress: progressHandler } = watch;
    const sender = new EagerSender({ plugin, destination: destinationOf(receiver), quote, progressHandler });
    const end = await Promise.race([sender.start(), watch.gaveUp]);
    return toResult(isPaymentError(end) ? { error: end } : end);
  } catch (error) {
    return toResult({ error: isPaymentError(error) ? error : String(error) });
  } finally {
    watch.stop();
  }
}

/** The library's sender of one payment, with another pace. */
class EagerSender extends PaymentSender {
  constructor(options: ConstructorParameters<typeof PaymentSender>[0]) {
    super(options);
    const pacing = this.controllers.findIndex((controller) => controller instanceof PacingController);
    this.controllers.splice(pacing, 1, new EagerPacing());
  }
}

function toResult({ error }: { error?: string }): SendResult {
  if (error === undefined) return { delivered: true };
  return { delivered: false, reason: error, isFinal: FINAL.has(error) };
}

// Trying again cannot change these. A closed connection is not among them: only a look at the receiver tells
// whether it has all it wanted.
const FINAL = new Set<string>([
  PaymentError.DestinationAssetConflict,
  PaymentError.IncompatibleReceiveMax,
  PaymentError.InvalidQuote,
  PaymentError.MaxSafeEncryptionLimit,
  PaymentError.ReceiverProtocolViolation,
]);

/**
 * The library waits for ever when all money is sent and too little arrived, or when a reply never comes:
 * this ends such an attempt.
 */
function watchProgress(order: SendOrder) {
  const { promise: gaveUp, resolve } = Promise.withResolvers<{ error: string }>();
  let timer: NodeJS.Timeout;
  const rearm = () => {
    clearTimeout(timer);
    timer = setTimeout(() => resolve({ error: 'Stalled' }), STALL_MS);
  };
  rearm();
  return {
    gaveUp,
    onProgress(progress: PaymentProgress) {
      rearm();
      const isSpent = progress.amountSent >= order.maxSourceUnits && progress.sourceAmountInFlight === 0n;
      if (isSpent && progress.amountDelivered < order.deliverUnits) resolve({ error: 'SourceAmountSpent' });
    },
    stop: () => clearTimeout(timer),
  };
}

function destinationOf({ ilpAddress, sharedSecret, asset }: Receiver): ResolvedPayment {
  return {
    // The library brands checked addresses by a type that only its own copy of ilp-packet can make.
    destinationAddress: ilpAddress as ResolvedPayment['destinationAddress'],
    sharedSecret,
    destinationAsset: { code: asset.assetCode, scale: asset.assetScale },
    requestCounter: Counter.from(0)!,
  };
}

const positiveRatio = ({ numerator, denominator }: Fraction): PositiveRatio =>
  Ratio.of(positive(numerator), positive(denominator));
const ratio = ({ numerator, denominator }: Fraction): Ratio =>
  Ratio.of(Int.from(numerator) ?? Int.ZERO, positive(denominator));

function positive(value: bigint): PositiveInt {
  const int = Int.from(value);
  if (!int?.isPositive()) throw new RangeError(`${value} is not above 0`);
  return int;
}
