import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLog } from '../../../telemetry/logLine.ts';
import { createRatesApp } from './app.ts';
import { createDailyRates } from './dailyRates.ts';
import { createDayFile } from './dayFile.ts';
import { readSettings, type Settings } from './settings.ts';

const { host, port, dayFile, plan } = settingsOrExit();
const log = createLog('rates');
const rates = createDailyRates({ plan, file: createDayFile(dayFile), nowMs: Date.now, log });

const server = createServer(
  { maxHeaderSize: 8192, connectionsCheckingInterval: 1_000 },
  createRatesApp({ rates, nowMs: Date.now }),
);
server.headersTimeout = 5_000;
server.requestTimeout = 10_000;
server.maxConnections = 200;
server.maxHeadersCount = 100;
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${port} is taken: stop what listens there, or set RATES_PORT.`);
  process.exit(1);
});
server.listen(port, host, () =>
  log('info', `on http://${host}:${(server.address() as AddressInfo).port}/rates`),
);
void rates.start();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    rates.stop();
    server.close();
    server.closeAllConnections();
  });
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
