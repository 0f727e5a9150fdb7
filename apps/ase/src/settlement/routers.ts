import { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { SETTLEMENT_METHODS, type SettlementRefusal } from '../../../../telemetry/catalogue.ts';
import { createBearerCheck } from '../ilp/bearer.ts';
import { jsonBody } from '../jsonBody.ts';
import { ApiError, methodNotAllowed, notFound } from '../openPayments/errors.ts';
import { parse } from '../openPayments/validation.ts';
import { traceHeaders } from '../tracing/traceHeaders.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Settlement } from './settlement.ts';
import { SettlementRefused } from './types.ts';

const STATUS: Record<SettlementRefusal, number> = {
  malformed: 400,
  below_zero: 400,
  wrong_signature: 400,
  over_funding: 400,
  unknown_peer: 404,
  unknown_channel: 404,
  closed_channel: 409,
  replayed: 409,
  stale_state: 409,
};

/** What peers may ask and say. Mounted at /settlement, in front of what reads bodies; a peer shows the token that it has for us. */
export function createPeerRouter(
  settlement: Settlement,
  peers: ReadonlyArray<{ id: string; token: string }>,
  tracing?: Pick<Tracing, 'incoming'>,
): Router {
  const whose = createBearerCheck(peers.map(({ id, token }) => ({ token, holder: id })));
  const router = Router({ caseSensitive: true, strict: true });
  router.use(async (request, response, next) => {
    const peer = whose(request.get('authorization'));
    if (peer === undefined) {
      await settlement.countRefusal('unknown_peer');
      response.set('www-authenticate', 'Bearer');
      throw new ApiError(401, 'unknown_peer', 'The token is missing or not one of a peer');
    }
    response.locals.peer = peer;
    next();
  });
  // Behind the token: a stranger's bodies are not read.
  router.use(countedBody(settlement));
  router
    .route('/address/:method')
    .get((request, response) => {
      const method = SETTLEMENT_METHODS.find((one) => one === request.params.method);
      const address = method && settlement.addressOn(method);
      if (address === undefined) throw notFound('We have no address there');
      response.json({ method, address });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/claims')
    .post((request, response) =>
      answering(response, () =>
        settlement.takeClaim(response.locals.peer, request.body, tracing?.incoming(traceHeaders(request))),
      ),
    )
    .all(methodNotAllowed('POST'));
  return router;
}

/** The operator's: what there is, and orders. Mounted at /admin/settlement. */
export function createSettlementAdminRouter(settlement: Settlement | undefined): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/')
    .get((_request, response) => {
      response.json(settlement ? settlement.report() : { enabled: false });
    })
    .all(methodNotAllowed('GET'));
  if (!settlement) return router;
  router.use(countedBody(settlement));
  router
    .route('/orders')
    .post(async (request, response) => {
      const { peer, amountUnits } = await counted(settlement, () => parse(ORDER, request.body));
      return answering(response, () => settlement.settle(peer, BigInt(amountUnits)));
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/channels/:id/close')
    .post(async (request, response) => {
      const { withoutClaim } = await counted(settlement, () => parse(CLOSE, request.body ?? {}));
      return answering(response, () => settlement.closeChannel(request.params.id, { withoutClaim }));
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/channels/:id/dispute')
    .post((request, response) => answering(response, () => settlement.disputeChannel(request.params.id)))
    .all(methodNotAllowed('POST'));
  return router;
}

const ORDER = z.strictObject({
  peer: z.string().max(40),
  amountUnits: z.string().regex(/^-?\d{1,15}$/, 'must be a whole number of units, as text'),
});
const CLOSE = z.strictObject({ withoutClaim: z.boolean().default(false) });

/** A body that is too large, or no JSON, is a claim or order that was refused; one whose sender hung up is none. */
function countedBody(settlement: Settlement): RequestHandler {
  const read = jsonBody();
  return (request, response, next) =>
    read(request, response, (error?: unknown) => {
      if (!error || (error as { type?: unknown }).type === 'request.aborted') return next(error);
      settlement.countRefusal('malformed').then(() => next(error), next);
    });
}

/** An order that makes no sense is refused like one that cannot be carried out. */
async function counted<T>(settlement: Settlement, read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    await settlement.countRefusal('malformed');
    throw error;
  }
}

/** A refusal is an answer; with the newest nonce, so that a peer whose answer was lost learns that we have its claim. */
async function answering(response: Response, work: () => Promise<unknown>): Promise<void> {
  try {
    response.json((await work()) ?? {});
  } catch (error) {
    if (!(error instanceof SettlementRefused)) throw error;
    const { code, message, nonce } = error;
    response
      .status(STATUS[code])
      .json({ error: { code, description: message, ...(nonce !== undefined && { nonce }) } });
  }
}
