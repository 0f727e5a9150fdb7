import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createLog } from '../../../telemetry/logLine.ts';
import { createChainApp } from './app.ts';
import { type Chain, createChain, RULES } from './chain.ts';
import { openChainFile } from './schema.ts';
import { readSettings, type Settings } from './settings.ts';
import { CHAINS, type ChainName } from './wire.ts';

// Not imported: an import of node:http also loads fetch, 14 MiB that this small process never uses.
const { createServer } = process.getBuiltinModule('node:http');
const { host, port, file, adminToken } = settingsOrExit();
const log = createLog('chain');

mkdirSync(path.dirname(file), { recursive: true });
const db = openChainFile(file);
const chains = Object.fromEntries(CHAINS.map((chain) => [chain, createChain({ db, chain })])) as Record<
  ChainName,
  Chain
>;
const timers = CHAINS.map((name) =>
  setInterval(() => {
    try {
      chains[name].produce();
    } catch (error) {
      log('error', `no block of ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }, RULES[name].blockMs),
);

const server = createServer({ maxHeaderSize: 8192 }, createChainApp({ chains, adminToken, log }));
server.headersTimeout = 5_000;
server.requestTimeout = 10_000;
server.maxConnections = 100;
server.maxHeadersCount = 100;
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${port} is taken: stop what listens there, or set CHAIN_PORT.`);
  process.exit(1);
});
server.listen(port, host, () => log('info', `xrp and evm on http://${host}:${port}`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const timer of timers) clearInterval(timer);
    server.close(() => db.close());
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
