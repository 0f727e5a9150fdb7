import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ApiError } from '../openPayments/errors.ts';

/** Lets only requests with this Bearer token through; the time it takes tells nothing about the token. */
export function requireBearer(token: string): RequestHandler {
  const expected = digest(token);
  return (request, response, next) => {
    const given = /^Bearer (\S+)$/.exec(request.get('authorization') ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), expected)) {
      next();
      return;
    }
    response.set('www-authenticate', 'Bearer');
    throw new ApiError(401, 'unauthorized', 'This needs the admin token as Authorization: Bearer …');
  };
}

// Equal lengths for the comparison, whatever was given.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
