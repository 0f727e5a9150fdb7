import type { AddressInfo } from 'node:net';
import { createLog } from '../../../telemetry/logLine.ts';
import { createDeliveries } from './deliveries.ts';
import { createSinkServer } from './server.ts';
import { readSettings, type Settings } from './settings.ts';

const { host, port, capacity } = settingsOrExit();
const server = createSinkServer(createDeliveries(capacity), Date.now).listen(port, host);
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${port} is taken: stop what listens there, or set ALERT_SINK_PORT.`);
  process.exit(1);
});
server.on('listening', () => {
  const msg = `on http://${host}:${(server.address() as AddressInfo).port}/deliveries`;
  createLog('alert-sink')('info', msg);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
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
