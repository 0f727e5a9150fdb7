import express, { type RequestHandler } from 'express';

const MAX_BODY_BYTES = 64 * 1024;

/** Reads a JSON body of at most 64 KiB that is not compressed; its errors are known to `errorHandler`. */
export const jsonBody = (): RequestHandler => express.json({ limit: MAX_BODY_BYTES, inflate: false });
