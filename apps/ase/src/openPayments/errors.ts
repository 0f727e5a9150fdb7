import type { ErrorRequestHandler, RequestHandler } from 'express';
import { LedgerError } from '../ledger/errors.ts';
import { PaymentsError, type PaymentsErrorCode } from '../payments/errors.ts';
import { RatesUnavailableError } from '../rates/ratesSource.ts';

/** What is wrong with one member of a request. */
export interface Problem {
  field: string;
  reason: string;
}

/** An answer that is an error, in the shape of Open Payments: `{error: {code, description, details?}}`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: Problem[];
  constructor(status: number, code: string, description: string, problems: Problem[] = []) {
    super(description);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

/** A 400 that names every wrong member. */
export function invalidRequest(problems: Problem[]): ApiError {
  const description = problems.map(({ field, reason }) => `${field} ${reason}`).join('; ');
  return new ApiError(400, 'invalid_request', description, problems);
}

export const notFound = (what: string): ApiError => new ApiError(404, 'not_found', what);

/** The last handler: whatever went wrong becomes one JSON answer; only what is our fault is logged. */
export function errorHandler(log: { error(fields: object, message: string): void }): ErrorRequestHandler {
  return (error, request, response, next) => {
    const answer = toApiError(error);
    if (answer.status >= 500 && answer.code === 'internal_error') {
      log.error({ err: error, method: request.method, path: request.path }, 'A request failed');
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    if (answer.status === 503) response.set('retry-after', '1');
    const details = answer.problems.length > 0 ? { details: { problems: answer.problems } } : {};
    response
      .status(answer.status)
      .json({ error: { code: answer.code, description: answer.message, ...details } });
  };
}

/** For a known path: the methods it has not. */
export const methodNotAllowed =
  (...allowed: string[]): RequestHandler =>
  (request, response) => {
    response.set('allow', allowed.join(', '));
    throw new ApiError(
      405,
      'method_not_allowed',
      `${request.method} is not possible here, only ${allowed.join(', ')}`,
    );
  };

/** After all routes. */
export const unknownRoute: RequestHandler = (request) => {
  throw notFound(`There is nothing at ${request.path}`);
};

const STATUS: Record<PaymentsErrorCode, number> = {
  invalid_request: 400,
  not_found: 404,
  invalid_state: 409,
  insufficient_funds: 409,
  quote_expired: 400,
  quote_used: 409,
  receiver_not_allowed: 400,
  receiver_invalid: 400,
  receiver_closed: 400,
  receiver_unavailable: 503,
  rate_probe_failed: 503,
};

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof PaymentsError) {
    const { code, message, field } = error;
    const problems = field === undefined ? [] : [{ field, reason: message }];
    return new ApiError(STATUS[code], code, field === undefined ? message : `${field} ${message}`, problems);
  }
  if (error instanceof RatesUnavailableError) return new ApiError(503, error.code, error.message);
  if (error instanceof LedgerError && (error.code === 'unavailable' || error.code === 'total_overflow')) {
    return new ApiError(503, 'ledger_unavailable', error.message);
  }
  return (
    fromBodyParser(error) ??
    new ApiError(500, 'internal_error', 'Something went wrong here; the log says what')
  );
}

const BODY_PROBLEMS: Record<string, [status: number, code: string, description: string]> = {
  'entity.too.large': [413, 'body_too_large', 'The body is over the limit of 64 KiB'],
  'entity.parse.failed': [400, 'invalid_json', 'The body is not valid JSON'],
  'encoding.unsupported': [415, 'unsupported_encoding', 'The body must not be compressed'],
  'charset.unsupported': [415, 'unsupported_encoding', 'The body must be UTF-8'],
  'request.aborted': [400, 'request_aborted', 'The request ended before its body did'],
  'request.size.invalid': [400, 'request_aborted', 'The body is not as long as its Content-Length says'],
};

/** The errors of express and its body parser carry a `type` and a `status`. */
function fromBodyParser(error: unknown): ApiError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type, status } = error as { type?: unknown; status?: unknown };
  const known = typeof type === 'string' ? BODY_PROBLEMS[type] : undefined;
  if (known) return new ApiError(...known);
  if (error instanceof URIError) return new ApiError(400, 'invalid_request', 'The path is not a valid URL');
  const isClientFault = typeof status === 'number' && status >= 400 && status < 500;
  return isClientFault ? new ApiError(status, 'invalid_request', error.message) : undefined;
}
