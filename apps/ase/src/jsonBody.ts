import express, { type RequestHandler } from 'express';

const MAX_BODY_BYTES = 64 * 1024;

/** Reads a JSON body of at most 64 KiB that is not compressed; its errors are known to `errorHandler`. */
export const jsonBody = (): RequestHandler =>
  express.json({ limit: MAX_BODY_BYTES, inflate: false, verify: keepAsBytes });

/**
 * With anything to verify, the parser keeps what has come of a body as bytes, outside the heap, and decodes
 * them when all are there. Without, as text on the heap: as many slow clients as may connect would fill it.
 */
function keepAsBytes(): void {}
