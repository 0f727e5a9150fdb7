import express, { type ErrorRequestHandler, type Express, type Response } from 'express';
import type { z } from 'zod';
import type { UsageRefusal } from '../../../telemetry/usageCatalogue.ts';
import { MAX_USAGE_REPORT_BYTES, usageReport } from '../../../telemetry/usageReport.ts';
import { renderMetrics } from './metricsText.ts';
import { readReports, reportsQuery } from './query.ts';
import type { UsageStore } from './store.ts';

export interface UsageAppParts {
  store: UsageStore;
  /** Whether one more report is taken now, whoever sends it. */
  mayCome: () => boolean;
  nowMs: () => number;
  log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** The usage backend: takes reports, and tells how many came. */
export function createUsageApp({ store, mayCome, nowMs, log }: UsageAppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use((_request, response, next) => {
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    next();
  });

  function refuse(response: Response, reason: UsageRefusal, description = DESCRIPTIONS[reason]): void {
    store.refuse(reason);
    // The rest of a body that nobody reads ends with the connection.
    response.set('connection', 'close');
    if (reason === 'flooding') response.set('retry-after', '1');
    if (reason === 'too_often' || reason === 'full') response.set('retry-after', '86400');
    response.status(STATUSES[reason]).json({ error: { code: reason, description } });
  }

  app.post(
    '/reports',
    // Before anything is read: refusing has to be cheaper than sending.
    (request, response, next) => {
      if (!mayCome()) refuse(response, 'flooding');
      else if (!request.is('application/json')) refuse(response, 'wrong_type');
      else next();
    },
    express.json({ limit: MAX_USAGE_REPORT_BYTES, inflate: false }),
    (request, response) => {
      const { data, error } = usageReport.safeParse(request.body);
      if (!data) {
        refuse(response, 'invalid', problemsOf(error));
        return;
      }
      const outcome = store.add(data);
      if (outcome === 'stored') response.status(204).end();
      else refuse(response, outcome);
    },
  );
  app.get('/reports', (request, response) => {
    const { data, error } = reportsQuery.safeParse(request.query);
    if (data) response.json(readReports(store, data));
    else response.status(400).json({ error: { code: 'invalid_request', description: problemsOf(error) } });
  });
  app.get('/metrics', (_request, response) => {
    response.type('text/plain; version=0.0.4; charset=utf-8').send(renderMetrics(store, nowMs()));
  });
  app.get('/health', (_request, response) => {
    const { stored } = store.totals();
    response.json({ status: 'ok', reportsStored: stored });
  });
  app.use((_request, response) => {
    const description = 'Only POST /reports and GET /reports, /metrics and /health exist';
    response.status(404).json({ error: { code: 'not_found', description } });
  });
  const onError: ErrorRequestHandler = (error: Error & { type?: string }, request, response, _next) => {
    const isReport = request.method === 'POST' && request.path === '/reports';
    const reason = BODY_ERRORS[error.type ?? ''];
    if (isReport && reason) {
      refuse(response, reason);
      return;
    }
    log('error', error.message);
    if (isReport) {
      refuse(response, 'storage');
      return;
    }
    const description = 'The reports cannot be read now';
    response.status(503).json({ error: { code: 'unavailable', description } });
  };
  app.use(onError);
  return app;
}

/** Of the body parser, by its names. */
const BODY_ERRORS: Record<string, UsageRefusal> = {
  'entity.too.large': 'too_large',
  'entity.parse.failed': 'malformed',
  'request.aborted': 'malformed',
  'request.size.invalid': 'malformed',
  'encoding.unsupported': 'wrong_type',
  'charset.unsupported': 'wrong_type',
};
const STATUSES: Record<UsageRefusal, number> = {
  malformed: 400,
  invalid: 400,
  too_large: 413,
  wrong_type: 415,
  flooding: 429,
  too_often: 429,
  full: 507,
  storage: 503,
};
const DESCRIPTIONS: Record<UsageRefusal, string> = {
  malformed: 'The body is no JSON',
  invalid: 'This is no usage report',
  too_large: `A report has at most ${MAX_USAGE_REPORT_BYTES} bytes`,
  wrong_type: 'A report is application/json in UTF-8, not compressed',
  flooding: 'Too many reports at once, of whomever: this one is lost, the next is not',
  too_often: 'This installation has told enough for today',
  full: 'There is no room for more reports',
  storage: 'The report cannot be kept now',
};
const MAX_PROBLEMS = 8;

/** Every problem in one line; unknown keys are the sender's words and may be many, so they are cut. */
function problemsOf(error: z.ZodError): string {
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'report'}: ${message}`);
  return problems.slice(0, MAX_PROBLEMS).join('; ').slice(0, 500);
}
