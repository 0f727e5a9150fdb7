import type { RequestHandler } from 'express';
import { createBearerCheck } from '../ilp/bearer.ts';
import { ApiError } from '../openPayments/errors.ts';

/** Lets only requests with this Bearer token through. */
export function requireBearer(token: string): RequestHandler {
  const check = createBearerCheck([{ token, holder: true }]);
  return (request, response, next) => {
    if (check(request.get('authorization'))) {
      next();
      return;
    }
    response.set('www-authenticate', 'Bearer');
    throw new ApiError(401, 'unauthorized', 'This needs the admin token as Authorization: Bearer …');
  };
}
