import { readFileSync } from 'node:fs';
import { createRatesApp, DEFAULT_RATES, parseRates, type Rates } from './app.ts';

const host = process.env.RATES_HOST || '127.0.0.1';
const port = Number(process.env.RATES_PORT || 14400);
const file = process.env.RATES_FILE;

function fail(message: string, exitCode: number): never {
  console.error(message);
  process.exit(exitCode);
}

/** Read at every request, so that an edit of the file is a change of the day's rates. */
function readRates(): Rates {
  return file ? parseRates(JSON.parse(readFileSync(file, 'utf8'))) : DEFAULT_RATES;
}

if (!Number.isInteger(port) || port < 0 || port > 65535)
  fail('RATES_PORT: must be a port between 0 and 65535', 2);
try {
  readRates();
} catch (error) {
  fail(`RATES_FILE: ${file}: ${error instanceof Error ? error.message : error}`, 2);
}

const server = createRatesApp({ readRates, now: () => new Date() }).listen(port, host);
server.headersTimeout = 5_000;
server.requestTimeout = 10_000;
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  fail(`Port ${port} is taken: stop what listens there, or set RATES_PORT.`, 1);
});
server.on('listening', () =>
  console.log(`Rates on http://${host}:${(server.address() as { port: number }).port}/rates`),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
