/** Ends well when numbers of every ASE reach Prometheus; in `docker compose up` the traffic waits for that. */
import { waitForFlow } from './gate.ts';

const { COLLECTOR_HEALTH_URL, PROMETHEUS_URL, GATE_INSTANCES } = process.env;
const { GATE_NETWORKS = '', GATE_TIMEOUT_SECONDS = '60' } = process.env;
const timeoutMs = Number(GATE_TIMEOUT_SECONDS) * 1000;
if (!COLLECTOR_HEALTH_URL || !PROMETHEUS_URL || !GATE_INSTANCES || !(timeoutMs > 0)) {
  console.error(
    'Set COLLECTOR_HEALTH_URL, PROMETHEUS_URL, GATE_INSTANCES (names, separated by commas), GATE_TIMEOUT_SECONDS',
  );
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const instances = GATE_INSTANCES.split(',');
// `NAME=NETWORK` with commas between, `none` for those that tell none; also of ASEs that are not there.
const networks = new Map(GATE_NETWORKS.split(',').map((word) => word.split('=') as [string, string]));
const tells = (name: string) => (networks.get(name) ?? 'none') !== 'none';
try {
  await waitForFlow({
    collectorHealthUrl: COLLECTOR_HEALTH_URL,
    prometheusUrl: PROMETHEUS_URL,
    instances,
    senders: instances.filter(tells),
    timeoutMs,
  });
} catch (error) {
  console.error(
    `No numbers after ${GATE_TIMEOUT_SECONDS} s: ${error instanceof Error ? error.message : error}`,
  );
  process.exit(1);
}
