import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { UsageRefusal } from '../../../telemetry/usageCatalogue.ts';
import { MAX_USAGE_REPORT_BYTES, usageReport } from '../../../telemetry/usageReport.ts';
import { BodyRefused, isPlainJson, readJson } from './body.ts';
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

/**
 * The usage backend: takes reports, and tells how many came. Four routes by node:http alone: a framework would be
 * a tenth of this process's memory.
 */
export function createUsageApp({ store, mayCome, nowMs, log }: UsageAppParts): RequestListener {
  function refuse(response: ServerResponse, reason: UsageRefusal, description = DESCRIPTIONS[reason]): void {
    store.refuse(reason);
    // The rest of a body that nobody reads ends with the connection.
    response.setHeader('connection', 'close');
    if (reason === 'flooding') response.setHeader('retry-after', '1');
    if (reason === 'too_often' || reason === 'full') response.setHeader('retry-after', '86400');
    answer(response, STATUSES[reason], { error: { code: reason, description } });
  }

  async function takeReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      // Before anything is read: refusing has to be cheaper than sending.
      if (!mayCome()) return refuse(response, 'flooding');
      if (!isPlainJson(request)) return refuse(response, 'wrong_type');
      const { data, error } = usageReport.safeParse(await readJson(request, MAX_USAGE_REPORT_BYTES));
      if (!data) return refuse(response, 'invalid', problemsOf(error));
      const outcome = store.add(data);
      if (outcome !== 'stored') return refuse(response, outcome);
      response.writeHead(204).end();
    } catch (error) {
      if (error instanceof BodyRefused) return refuse(response, error.code);
      log('error', error instanceof Error ? error.message : String(error));
      refuse(response, 'storage');
    }
  }

  function tell(path: string, query: URLSearchParams, response: ServerResponse): void {
    if (path === '/reports') {
      const { data, error } = reportsQuery.safeParse(valuesOf(query));
      if (data) answer(response, 200, readReports(store, data));
      else answer(response, 400, { error: { code: 'invalid_request', description: problemsOf(error) } });
    } else if (path === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(renderMetrics(store, nowMs()));
    } else if (path === '/health') {
      answer(response, 200, { status: 'ok', reportsStored: store.totals().stored });
    } else {
      const description = 'Only POST /reports and GET /reports, /metrics and /health exist';
      answer(response, 404, { error: { code: 'not_found', description } });
    }
  }

  return (request, response) => {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    // Split, not parsed as a URL: a target may be anything.
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    if (request.method === 'POST' && path === '/reports') {
      void takeReport(request, response);
      return;
    }
    if (request.method !== 'GET') {
      response.setHeader('connection', 'close');
      const description = 'Only POST /reports writes, all else is GET';
      answer(response, 405, { error: { code: 'method_not_allowed', description } });
      return;
    }
    try {
      tell(path, new URLSearchParams(query), response);
    } catch (error) {
      log('error', error instanceof Error ? error.message : String(error));
      const description = 'The reports cannot be read now';
      answer(response, 503, { error: { code: 'unavailable', description } });
    }
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** A name that is given twice has a list, which no parameter may be. */
function valuesOf(query: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const all = query.getAll(name);
      return [name, all.length === 1 ? all[0]! : all];
    }),
  );
}

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
  malformed: 'The body is no JSON in UTF-8',
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
