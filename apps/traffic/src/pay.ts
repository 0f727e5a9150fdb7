import { setTimeout as delay } from 'node:timers/promises';
import { type OpenPaymentsClient, type Quote, RefusedError } from './openPaymentsClient.ts';
import type { Order } from './orders.ts';

export interface PaymentOutcome {
  state: 'completed' | 'failed';
  failure?: string;
  /** In the sender's smallest unit, without the fee. */
  sentUnits: bigint;
  /** In the receiver's smallest unit. */
  receivedUnits: bigint;
}

const FIRST_LOOK_MS = 15;
const LONGEST_LOOK_MS = 250;
/** An ASE that was away for longer than a quote lives needs a new one. */
const MAX_QUOTES = 3;

/**
 * Makes a payment the way a wallet does: incoming payment, quote, outgoing payment, and waits for its end.
 * @param key unique to this payment: with it a crash on either side never pays twice
 * @param urlOf where an ASE is reached
 */
export async function pay(
  client: OpenPaymentsClient,
  order: Order,
  { key, urlOf, signal }: { key: string; urlOf: (ase: string) => string; signal: AbortSignal },
): Promise<PaymentOutcome> {
  const sender = urlOf(order.from.ase);
  const receiver = urlOf(order.to.ase);
  const senderWallet = await client.wallet(`${sender}/${order.from.wallet}`);
  const receiverWallet = await client.wallet(`${receiver}/${order.to.wallet}`);
  const amountIn = ({ assetCode, assetScale }: { assetCode: string; assetScale: number }) => ({
    value: order.amountUnits.toString(),
    assetCode,
    assetScale,
  });

  const incoming = await client.createIncomingPayment(receiver, `${key}-incoming`, {
    walletAddress: receiverWallet.id,
    ...(order.kind === 'fixed-receive' ? { incomingAmount: amountIn(receiverWallet) } : {}),
  });
  const outgoing = await payQuoted(client, sender, key, senderWallet.id, {
    walletAddress: senderWallet.id,
    receiver: incoming.id,
    method: 'ilp',
    ...(order.kind === 'fixed-send' ? { debitAmount: amountIn(senderWallet) } : {}),
  });
  const ended = await untilEnded(client, outgoing.id, signal);
  // One with an amount completes by itself when the amount is there; the others wait for the word of their owner.
  const received =
    order.kind === 'fixed-send'
      ? await client.completeIncomingPayment(incoming.id, `${key}-complete`)
      : await client.incomingPayment(incoming.id);
  return {
    state: ended.state === 'COMPLETED' ? 'completed' : 'failed',
    ...(ended.failure === undefined ? {} : { failure: ended.failure }),
    sentUnits: BigInt(ended.sentAmount.value),
    receivedUnits: BigInt(received.receivedAmount.value),
  };
}

async function payQuoted(
  client: OpenPaymentsClient,
  sender: string,
  key: string,
  walletAddress: string,
  request: Parameters<OpenPaymentsClient['createQuote']>[2],
) {
  for (let attempt = 1; ; attempt++) {
    const quote: Quote = await client.createQuote(sender, `${key}-quote-${attempt}`, request);
    try {
      const body = { walletAddress, quoteId: quote.id };
      return await client.createOutgoingPayment(sender, `${key}-outgoing-${attempt}`, body);
    } catch (error) {
      const expired = error instanceof RefusedError && error.code === 'quote_expired';
      if (!expired || attempt === MAX_QUOTES) throw error;
    }
  }
}

async function untilEnded(client: OpenPaymentsClient, url: string, signal: AbortSignal) {
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_LOOK_MS)) {
    const payment = await client.outgoingPayment(url);
    if (payment.state === 'COMPLETED' || payment.state === 'FAILED') return payment;
    await delay(pauseMs, undefined, { signal });
  }
}
