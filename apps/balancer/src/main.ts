/** Spreads TCP connections over replicas; the playground has one before each pair of network collectors. */
import type { Server } from 'node:net';
import { createLog } from '../../../telemetry/logLine.ts';
import { createBalancer } from './balancer.ts';
import { createHealthPage } from './healthPage.ts';
import { readSettings, type Settings } from './settings.ts';

const GRACE_MS = 1500;

const { name, host, port, healthPort, replicas, maxConnections } = settingsOrExit();
const log = createLog(name);
const balancer = createBalancer({ replicas, maxConnections, log });
const health = healthPort === 0 ? undefined : createHealthPage(balancer.state);

listen(balancer.server, port);
if (health) listen(health, healthPort);
log('info', `${host}:${port} → ${replicas.map((replica) => replica.name).join(', ')}`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    health?.close();
    await balancer.stop(GRACE_MS);
    process.exit(0);
  });
}

function listen(server: Server, on: number): void {
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    log('error', `Port ${on} is taken: stop what listens there, or set another.`);
    process.exit(1);
  });
  server.listen(on, host);
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
