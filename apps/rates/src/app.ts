import express, { type Express } from 'express';
import { type DailyRates, RatesRefused } from './dailyRates.ts';

/** The rates service: the day's exchange rates for every ASE. */
export function createRatesApp({
  rates,
  nowMs,
}: {
  rates: Pick<DailyRates, 'current'>;
  nowMs: () => number;
}): Express {
  const app = express();
  app.disable('x-powered-by');
  // The same rates have the same tag: who has them already gets 304 and no body.
  app.set('etag', 'strong');
  app.get('/rates', (request, response) => {
    try {
      const { day, nextRunMs } = rates.current();
      const { base } = request.query;
      const row = typeof base === 'string' && Object.hasOwn(day.rates, base) ? day.rates[base]! : undefined;
      if (base !== undefined && row === undefined) {
        const description = 'There are no rates of that base currency';
        response.status(404).json({ error: { code: 'unknown_base', description } });
        return;
      }
      const maxAge = Math.max(0, Math.floor((nextRunMs - nowMs()) / 1000));
      response.set('cache-control', `public, max-age=${maxAge}`);
      response.set('last-modified', new Date(day.collectedAt).toUTCString());
      response.json(
        row === undefined ? { date: day.date, rates: day.rates } : { base, rates: asNumbers(row) },
      );
    } catch (error) {
      if (!(error instanceof RatesRefused)) throw error;
      response.set('cache-control', 'no-store');
      response.status(503).json({ error: { code: error.code, description: error.message } });
    }
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

/** As a real Rafiki wants them, which asks with `?base=EUR`. */
function asNumbers(row: Record<string, string>): Record<string, number> {
  return Object.fromEntries(Object.entries(row).map(([code, rate]) => [code, Number(rate)]));
}
