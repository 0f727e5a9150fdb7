import { Router } from 'express';
import { z } from 'zod';
import type { VisitOutcome } from '../../../../telemetry/catalogue.ts';
import type { AssetRef } from '../connector/types.ts';
import type { Endings } from '../payments/endings.ts';
import type { IncomingPayments } from '../payments/incomingPayments.ts';
import { isUnderWay, type OutgoingPayment, type OutgoingPayments } from '../payments/outgoingPayments.ts';
import type { Quotes } from '../payments/quotes.ts';
import { amountIn, amountSchema } from './amounts.ts';
import { methodNotAllowed, notFound } from './errors.ts';
import { type Idempotency, sendAnswer } from './idempotency.ts';
import { wishedWaitSeconds } from './preferences.ts';
import type { Resources } from './resources.ts';
import { listQuery, metadataSchema, parse } from './validation.ts';
import type { Wallets } from './wallets.ts';

export interface OpenPaymentsContext {
  publicUrl: string;
  asset: AssetRef;
  wallets: Wallets;
  resources: Resources;
  idempotency: Idempotency;
  incomingPayments: IncomingPayments;
  quotes: Quotes;
  outgoingPayments: OutgoingPayments;
  /** Of outgoing payments. */
  endings: Pick<Endings, 'wait'>;
  /** Told after the commit of a new outgoing payment. */
  onNewPayment: (payment: OutgoingPayment) => void;
  /** Told when somebody has asked for a wallet address. */
  onVisit: (outcome: VisitOutcome) => void;
  nowMs?: () => number;
}

const DEFAULT_LIFE_MS = 24 * 60 * 60 * 1000;
const MAX_LIFE_MS = 366 * DEFAULT_LIFE_MS;

/** The Open Payments-shaped API. Bodies are JSON that a parser before this router has read. */
export function createOpenPaymentsRouter(context: OpenPaymentsContext): Router {
  const router = Router({ caseSensitive: true, strict: true });
  addIncomingPayments(router, context);
  addQuotes(router, context);
  addOutgoingPayments(router, context);
  const { wallets, onVisit } = context;
  router
    .route('/:wallet')
    .get((request, response) => {
      const { wallet } = request.params;
      onVisit(wallets.has(wallet) ? 'found' : 'unknown');
      if (!wallets.has(wallet)) throw notFound(`There is no wallet ${wallet} here`);
      response.json(wallets.toJson(wallet));
    })
    .all((request, response, next) => {
      if (wallets.has(request.params.wallet)) methodNotAllowed('GET')(request, response, next);
      else next();
    });
  return router;
}

function addIncomingPayments(router: Router, context: OpenPaymentsContext): void {
  const { asset, wallets, resources, idempotency, incomingPayments } = context;
  const nowMs = context.nowMs ?? Date.now;
  const newPayment = z.strictObject({
    walletAddress: z.string(),
    incomingAmount: amountIn(asset).optional(),
    expiresAt: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2030-01-31T12:00:00Z' })
      .transform((text) => Date.parse(text))
      .refine((atMs) => atMs > nowMs(), 'must be in the future')
      .refine((atMs) => atMs <= nowMs() + MAX_LIFE_MS, 'must be within a year')
      .optional(),
    metadata: metadataSchema.optional(),
  });
  const find = (id: string) => {
    const payment = incomingPayments.get(id);
    if (!payment) throw notFound(`There is no incoming payment ${id} here`);
    return payment;
  };

  router
    .route('/incoming-payments')
    .post(async (request, response) => {
      const body = parse(newPayment, request.body);
      const spec = {
        wallet: wallets.fromUrl(body.walletAddress),
        incomingUnits: body.incomingAmount ?? null,
        metadata: body.metadata ?? null,
        expiresAtMs: body.expiresAt ?? nowMs() + DEFAULT_LIFE_MS,
      };
      await idempotency.write(request, response, (tx) => ({
        status: 201,
        body: resources.incomingPayment(incomingPayments.create(tx, spec)),
      }));
    })
    .get((request, response) => {
      const { 'wallet-address': url, ...page } = parse(listQuery, request.query);
      const found = incomingPayments.list(wallets.fromUrl(url, 'wallet-address'), page);
      response.json(resources.page(found, resources.incomingPayment));
    })
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/incoming-payments/:id')
    .get((request, response) => {
      response.json(resources.incomingPayment(find(request.params.id)));
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/incoming-payments/:id/complete')
    .post(async (request, response) => {
      const { id } = find(request.params.id);
      await idempotency.write(request, response, (tx) => {
        const { payment, afterCommit } = incomingPayments.complete(tx, id);
        return { status: 200, body: resources.incomingPayment(payment), afterCommit };
      });
    })
    .all(methodNotAllowed('POST'));
}

function addQuotes(router: Router, context: OpenPaymentsContext): void {
  const { asset, wallets, resources, idempotency, quotes } = context;
  const newQuote = z
    .strictObject({
      walletAddress: z.string(),
      receiver: z.string().max(2048),
      method: z.literal('ilp', { error: 'must be "ilp"' }),
      debitAmount: amountIn(asset).optional(),
      receiveAmount: amountSchema.optional(),
    })
    .refine(({ debitAmount, receiveAmount }) => debitAmount === undefined || receiveAmount === undefined, {
      path: ['receiveAmount'],
      error: 'must not come together with debitAmount',
    });

  router
    .route('/quotes')
    .post(async (request, response) => {
      const { receiveAmount, ...body } = parse(newQuote, request.body);
      const wallet = wallets.fromUrl(body.walletAddress);
      // Before the probe, which takes packets and time.
      const replay = idempotency.replay(request);
      if (replay) {
        sendAnswer(response, replay.status, replay.answer);
        return;
      }
      const quote = await quotes.prepare({
        wallet,
        receiver: body.receiver,
        debitUnits: body.debitAmount,
        receiveAmount: receiveAmount && {
          value: receiveAmount.value,
          asset: { assetCode: receiveAmount.assetCode, assetScale: receiveAmount.assetScale },
        },
      });
      await idempotency.write(request, response, (tx) => {
        quotes.insert(tx, quote);
        return { status: 201, body: resources.quote(quote) };
      });
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/quotes/:id')
    .get((request, response) => {
      const quote = quotes.get(request.params.id);
      if (!quote) throw notFound(`There is no quote ${request.params.id} here`);
      response.json(resources.quote(quote));
    })
    .all(methodNotAllowed('GET'));
}

function addOutgoingPayments(router: Router, context: OpenPaymentsContext): void {
  const { publicUrl, wallets, resources, idempotency, outgoingPayments, endings, onNewPayment } = context;
  const newPayment = z.strictObject({
    walletAddress: z.string(),
    quoteId: z.string().max(2048),
    metadata: metadataSchema.optional(),
  });
  const find = (id: string) => {
    const payment = outgoingPayments.get(id);
    if (!payment) throw notFound(`There is no outgoing payment ${id} here`);
    return payment;
  };

  router
    .route('/outgoing-payments')
    .post(async (request, response) => {
      const body = parse(newPayment, request.body);
      const wallet = wallets.fromUrl(body.walletAddress);
      const prefix = `${publicUrl}/quotes/`;
      const quoteId = body.quoteId.startsWith(prefix) ? body.quoteId.slice(prefix.length) : '';
      await idempotency.write(request, response, (tx) => {
        const payment = outgoingPayments.create(tx, { wallet, quoteId, metadata: body.metadata ?? null });
        const afterCommit = () => onNewPayment(payment);
        return { status: 201, body: resources.outgoingPayment(payment), afterCommit };
      });
    })
    .get((request, response) => {
      const { 'wallet-address': url, ...page } = parse(listQuery, request.query);
      const found = outgoingPayments.list(wallets.fromUrl(url, 'wallet-address'), page);
      response.json(resources.page(found, resources.outgoingPayment));
    })
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/outgoing-payments/:id')
    .get(async (request, response) => {
      const { id } = request.params;
      let payment = find(id);
      const waitSeconds = wishedWaitSeconds(request.get('prefer'));
      if (waitSeconds > 0) {
        if (isUnderWay(payment)) {
          await endings.wait(id, waitSeconds * 1000);
          payment = find(id);
        }
        response.set('preference-applied', `wait=${waitSeconds}`);
      }
      response.json(resources.outgoingPayment(payment));
    })
    .all(methodNotAllowed('GET'));
}
