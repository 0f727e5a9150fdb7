/** The dashboard server as a process: settings from the environment, one port, a clean end on a signal. */
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createViewerApp } from './app.ts';
import { openBuild } from './build.ts';
import { createDashboardStore } from './dashboards/store.ts';
import { log } from './log.ts';
import { createReadProxy } from './proxy/proxy.ts';
import { parseSettings } from './settings.ts';

// Not imported: an import of node:http also loads fetch, 14 MiB that this small process never uses.
const { createServer } = process.getBuiltinModule('node:http');
const result = parseSettings(process.env);
if ('problems' in result) {
  process.stderr.write(`The dashboard server's settings are wrong:\n  ${result.problems.join('\n  ')}\n`);
  process.exit(2);
}
const { settings } = result;
const build = await openBuild(resolve(import.meta.dirname, '../dist')).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});

const proxies = [
  createReadProxy('prometheus', { upstream: settings.prometheusUrl }),
  ...(settings.jaegerUrl ? [createReadProxy('jaeger', { upstream: settings.jaegerUrl })] : []),
];
const server = createServer(
  { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 15_000 },
  createViewerApp({ settings, build, proxies, dashboards: createDashboardStore(settings.dashboardsDir) }),
);
server.maxConnections = 256;
server.maxHeadersCount = 100;

server.on('error', (error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE';
  const why = taken ? `port ${settings.port} is taken` : error.message;
  process.stderr.write(`The dashboard server cannot listen on ${settings.host}: ${why}\n`);
  process.exit(1);
});
server.listen(settings.port, settings.host, () => {
  const { address, port } = server.address() as AddressInfo;
  log('info', 'dashboard server listens', { address, port, dashboardsDir: settings.dashboardsDir });
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log('info', 'dashboard server stops', { signal });
    for (const proxy of proxies) proxy.close();
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
