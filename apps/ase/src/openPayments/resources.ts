import type { AssetRef } from '../connector/types.ts';
import type { IncomingPayment } from '../payments/incomingPayments.ts';
import type { OutgoingPayment } from '../payments/outgoingPayments.ts';
import type { Page } from '../payments/page.ts';
import type { Quote } from '../payments/quotes.ts';
import type { StreamCredentials } from '../payments/streamReceiver.ts';
import { toAmount } from './amounts.ts';
import type { Wallets } from './wallets.ts';

export interface ResourceContext {
  publicUrl: string;
  asset: AssetRef;
  wallets: Wallets;
  credentials: (incomingPaymentId: string) => StreamCredentials;
}

export type Resources = ReturnType<typeof createResources>;

/** How payments look in answers. */
export function createResources({ publicUrl, asset, wallets, credentials }: ResourceContext) {
  const urls = {
    incomingPayment: (id: string) => `${publicUrl}/incoming-payments/${id}`,
    quote: (id: string) => `${publicUrl}/quotes/${id}`,
    outgoingPayment: (id: string) => `${publicUrl}/outgoing-payments/${id}`,
  };

  return {
    incomingPayment(payment: IncomingPayment): object {
      const { ilpAddress, sharedSecret } = credentials(payment.id);
      return {
        id: urls.incomingPayment(payment.id),
        walletAddress: wallets.urlOf(payment.wallet),
        completed: payment.state === 'COMPLETED',
        state: payment.state,
        ...(payment.incomingUnits !== null && { incomingAmount: toAmount(payment.incomingUnits, asset) }),
        receivedAmount: toAmount(payment.receivedUnits, asset),
        expiresAt: isoTime(payment.expiresAtMs),
        ...metadata(payment),
        createdAt: isoTime(payment.createdAtMs),
        updatedAt: isoTime(payment.updatedAtMs),
        methods: [{ type: 'ilp', ilpAddress, sharedSecret: sharedSecret.toString('base64url') }],
      };
    },

    quote: (quote: Quote): object => ({
      id: urls.quote(quote.id),
      walletAddress: wallets.urlOf(quote.wallet),
      receiver: quote.receiver,
      method: 'ilp',
      debitAmount: toAmount(quote.debitUnits, asset),
      fee: toAmount(quote.feeUnits, asset),
      receiveAmount: toAmount(quote.receiveUnits, quote.receiveAsset),
      expiresAt: isoTime(quote.expiresAtMs),
      createdAt: isoTime(quote.createdAtMs),
    }),

    outgoingPayment: (payment: OutgoingPayment): object => ({
      id: urls.outgoingPayment(payment.id),
      walletAddress: wallets.urlOf(payment.quote.wallet),
      quoteId: urls.quote(payment.quote.id),
      receiver: payment.quote.receiver,
      failed: payment.state === 'FAILED',
      state: payment.state,
      ...(payment.failure !== null && { failure: payment.failure }),
      debitAmount: toAmount(payment.quote.debitUnits, asset),
      fee: toAmount(payment.feeUnits, asset),
      receiveAmount: toAmount(payment.quote.receiveUnits, payment.quote.receiveAsset),
      sentAmount: toAmount(payment.sentUnits, asset),
      ...metadata(payment),
      createdAt: isoTime(payment.createdAtMs),
      updatedAt: isoTime(payment.updatedAtMs),
    }),

    page<Item extends { id: string }>(page: Page<Item>, toJson: (item: Item) => object): object {
      return {
        pagination: {
          ...(page.items.length > 0 && { startCursor: page.items[0]?.id, endCursor: page.items.at(-1)?.id }),
          hasNextPage: page.hasNextPage,
          hasPreviousPage: page.hasPreviousPage,
        },
        result: page.items.map(toJson),
      };
    },
  };
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
const metadata = ({ metadata: text }: { metadata: string | null }): object =>
  text === null ? {} : { metadata: JSON.parse(text) as object };
