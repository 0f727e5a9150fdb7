import express, { type Express } from 'express';
import { z } from 'zod';

/** What one whole unit of a currency costs in another, as decimal text: `rates.EUR.USD = "1.10"`. */
export type Rates = Record<string, Record<string, string>>;

export const DEFAULT_RATES: Rates = { EUR: { USD: '1.10' }, USD: { EUR: '0.91' } };

const CACHE_SECONDS = 5;

/** The rates service: the day's exchange rates for every ASE. */
export function createRatesApp(options: { readRates: () => Rates; now: () => Date }): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/rates', (_request, response) => {
    let rates: Rates;
    try {
      rates = options.readRates();
    } catch (error) {
      const description = error instanceof Error ? error.message : String(error);
      response.status(503).json({ error: { code: 'rates_unavailable', description } });
      return;
    }
    response.set('cache-control', `public, max-age=${CACHE_SECONDS}`);
    response.json({ date: options.now().toISOString().slice(0, 10), rates });
  });
  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.use((_request, response) => {
    response
      .status(404)
      .json({ error: { code: 'not_found', description: 'Only GET /rates and GET /health exist' } });
  });
  return app;
}

/** Checks a rates file. Throws an error that names every problem. */
export function parseRates(content: unknown): Rates {
  const parsed = ratesFile.safeParse(content);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}

const currency = z.string().regex(/^[A-Z]{3,6}$/, 'must be 3 to 6 capital letters');
const rate = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,18})?$/, 'must be a decimal as text, such as "1.10"')
  .refine((text) => /[1-9]/.test(text), 'must be above 0');
const ratesFile = z.record(currency, z.record(currency, rate));
