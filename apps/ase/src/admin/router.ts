import { Router } from 'express';
import { z } from 'zod';
import { jsonBody } from '../jsonBody.ts';
import { ApiError, methodNotAllowed } from '../openPayments/errors.ts';
import { parse } from '../openPayments/validation.ts';
import type { EventWindow } from '../payments/events.ts';
import type { LoadRow } from '../payments/loadRun.ts';
import type { NetworkTelemetry } from '../telemetry/network/network.ts';
import type { NetworkReport } from '../telemetry/network/report.ts';
import { MECHANISMS } from '../telemetry/privacy/mechanism.ts';
import type { UsagePreview } from '../usage/reporter.ts';
import { requireBearer } from './bearer.ts';
import type { LedgerReport } from './ledgerReport.ts';
import { MAX_PAUSE_MS, type TrafficLease } from './trafficLease.ts';

export interface AdminContext {
  adminToken: string;
  reportLedger: () => LedgerReport;
  eventsBetween: (fromMs: number, toMs: number) => EventWindow;
  /** What became of the payments of a load run. */
  paymentsOfLoad: (run: string) => LoadRow[];
  reportPeers: () => object[];
  trafficLease: TrafficLease;
  /** Reads its own bodies. */
  settlement: Router;
  /** Network telemetry, or what there is to say when it is off. */
  network: NetworkTelemetry | Extract<NetworkReport, { enabled: false }>;
  /** What the next usage report would say. */
  previewUsage: () => UsagePreview;
}

/** The operator's own view: exact books, peers, and the switch for background traffic. Mounted at /admin. */
export function createAdminRouter(context: AdminContext): Router {
  const { trafficLease, network } = context;
  const router = Router({ caseSensitive: true, strict: true });
  router.use(requireBearer(context.adminToken));
  // In front of what reads bodies: it counts those that cannot be read.
  router.use('/settlement', context.settlement);
  router.use(jsonBody());
  router
    .route('/ledger')
    .get((_request, response) => {
      response.json(context.reportLedger());
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/ledger/window')
    .get((request, response) => {
      const { from, to } = parse(windowQuery, request.query);
      const { rows, nearestEventMs } = context.eventsBetween(from, to);
      response.json({ rows: rows.map((row) => ({ ...row, value: row.value.toString() })), nearestEventMs });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/ledger/load')
    .get((request, response) => {
      const rows = context.paymentsOfLoad(parse(loadQuery, request.query).run);
      response.json({ rows: rows.map((row) => ({ ...row, value: row.value.toString() })) });
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/traffic')
    .get((_request, response) => {
      response.json({ pausedUntilMs: trafficLease.pausedUntilMs() });
    })
    .put((request, response) => {
      trafficLease.pause(parse(pauseBody, request.body).pauseForMs);
      response.json({ pausedUntilMs: trafficLease.pausedUntilMs() });
    })
    .all(methodNotAllowed('GET', 'PUT'));
  router
    .route('/network')
    .get((_request, response) => {
      response.json('report' in network ? network.report() : network);
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/privacy')
    .get((_request, response) => {
      response.json('report' in network ? network.reportPrivacy() : network);
    })
    .put(async (request, response) => {
      const change = parse(privacyBody, request.body);
      if (!('report' in network)) {
        throw new ApiError(409, 'telemetry_off', 'Network telemetry is off here: there is nothing to choose');
      }
      await network.choose(change);
      response.json(network.reportPrivacy());
    })
    .all(methodNotAllowed('GET', 'PUT'));
  router
    .route('/usage')
    .get((_request, response) => {
      response.json(context.previewUsage());
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/peers')
    .get((_request, response) => {
      response.json({ peers: context.reportPeers() });
    })
    .all(methodNotAllowed('GET'));
  return router;
}

const timeMs = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a time in milliseconds')
  .transform(Number);
const windowQuery = z
  .strictObject({ from: timeMs, to: timeMs })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be before from' });
const loadQuery = z.strictObject({ run: z.string().regex(/^[\w-]{1,64}$/, 'must be the name of a run') });
const EPSILON_REASON = 'must be a number from 0.001 to 100, with at most three digits after the point';
const privacyBody = z.strictObject({
  mechanism: z.enum(MECHANISMS, { error: `must be ${MECHANISMS.join(', ')}` }).optional(),
  epsilon: z
    .number({ error: EPSILON_REASON })
    .min(0.001, EPSILON_REASON)
    .max(100, EPSILON_REASON)
    .refine((epsilon) => Math.round(epsilon * 1000) / 1000 === epsilon, EPSILON_REASON)
    .optional(),
});
const pauseBody = z.strictObject({
  pauseForMs: z
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(MAX_PAUSE_MS, `must be at most ${MAX_PAUSE_MS}`),
});
