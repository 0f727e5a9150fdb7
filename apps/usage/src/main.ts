import type { AddressInfo } from 'node:net';
import packageJson from '../../../package.json' with { type: 'json' };
import { createLog } from '../../../telemetry/logLine.ts';
import { createTokenBucket } from '../../ase/src/connector/tokenBucket.ts';
import { createUsageApp } from './app.ts';
import { openDatabase } from './database.ts';
import { readSettings } from './settings.ts';
import { createUsageStore } from './store.ts';

// Not imported: an import of node:http also loads fetch, 14 MiB that this small process never uses.
const { createServer } = process.getBuiltinModule('node:http');
const FLUSH_EVERY_MS = 1_000;
const PRUNE_EVERY_MS = 3_600_000;
const MAX_CONNECTIONS = 200;
const MAX_HEADER_BYTES = 8 * 1024;
const MAX_HEADERS = 100;

const { host, port, dataFile, limits } = orExit(2, () => readSettings(process.env));
const log = createLog('usage');
const store = orExit(1, () =>
  createUsageStore(openDatabase(dataFile), { limits, ownVersion: packageJson.version, nowMs: Date.now }),
);
const bucket = createTokenBucket(limits.reportsPerSecond, () => performance.now());

const server = createServer(
  { maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: 1_000 },
  createUsageApp({ store, mayCome: () => bucket.take(1n), nowMs: Date.now, log }),
);
server.headersTimeout = 5_000;
server.requestTimeout = 5_000;
server.keepAliveTimeout = 5_000;
server.maxHeadersCount = MAX_HEADERS;
server.maxConnections = MAX_CONNECTIONS;
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${port} is taken: stop what listens there, or set USAGE_PORT.`);
  process.exit(1);
});
server.listen(port, host, () =>
  log('info', `on http://${host}:${(server.address() as AddressInfo).port}/reports`),
);

/** What fails now is tried again the next time; nothing that is counted is lost by it. */
const trying = (work: () => unknown) => () => {
  try {
    work();
  } catch (error) {
    log('error', error instanceof Error ? error.message : String(error));
  }
};
const prune = trying(() => store.prune());
prune();
const timers = [
  setInterval(
    trying(() => store.flush()),
    FLUSH_EVERY_MS,
  ),
  setInterval(prune, PRUNE_EVERY_MS),
];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const timer of timers) clearInterval(timer);
    server.close();
    server.closeAllConnections();
    trying(() => store.close())();
  });
}

function orExit<T>(exitCode: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(exitCode);
  }
}
