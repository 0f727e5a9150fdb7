import type { Request } from 'express';

/** What a request says of its trace. A header that comes twice is joined by Node, and then makes no sense. */
export function traceHeaders(request: Request) {
  return { traceparent: request.get('traceparent'), tracestate: request.get('tracestate') };
}
