import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type MetricName, OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import { NETWORK_SERVICE_NAME, type NetworkMetricName } from '../../../telemetry/networkCatalogue.ts';

export interface GateOptions {
  collectorHealthUrl: string;
  prometheusUrl: string;
  /** The ASEs whose samples have to be there. */
  instances: readonly string[];
  /** Those of them that also tell a network, and whose network telemetry has to be there too. */
  senders: readonly string[];
  timeoutMs: number;
}

/** Any counter of the ledger will do: an ASE exports all its series, zeros included, in one batch. */
const PROBE_METRIC: MetricName = 'payments_total';
const NETWORK_PROBE: NetworkMetricName = 'transactions_total';
const POLL_MS = 100;
const REQUEST_TIMEOUT_MS = 2000;
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Waits until the collector is healthy and Prometheus shows samples of every ASE that are newer than this call.
 * Traffic may begin only then: a counter whose first visible sample is not its zero hides what came before.
 * Throws an error that names what is missing when the time is up.
 */
export async function waitForFlow({
  collectorHealthUrl,
  prometheusUrl,
  instances,
  senders,
  timeoutMs,
}: GateOptions): Promise<void> {
  const startedAtMs = Date.now();
  const probes = [
    { selector: `${PROBE_METRIC}{job="${OPERATOR_SERVICE_NAME}"}`, of: instances, what: 'new samples' },
    { selector: `${NETWORK_PROBE}{job="${NETWORK_SERVICE_NAME}"}`, of: senders, what: 'network telemetry' },
  ];
  const look = async () => {
    try {
      await read(collectorHealthUrl);
    } catch (error) {
      return `the collector is not healthy: ${reason(error)}`;
    }
    try {
      for (const { selector, of, what } of probes) {
        if (of.length === 0) continue;
        const query = encodeURIComponent(`max by (instance) (timestamp(${selector}))`);
        const newest = newestSamples(await read(`${prometheusUrl}/api/v1/query?query=${query}`));
        const missing = of.filter((instance) => (newest.get(instance) ?? 0) * 1000 < startedAtMs);
        if (missing.length > 0) return `Prometheus has no ${what} of ${missing.join(', ')}`;
      }
      return undefined;
    } catch (error) {
      return `Prometheus cannot be asked: ${reason(error)}`;
    }
  };
  for (;;) {
    const missing = await look();
    if (missing === undefined) return;
    if (Date.now() - startedAtMs > timeoutMs) throw new Error(missing);
    await delay(POLL_MS);
  }
}

/** Seconds of the newest sample by `instance`. */
function newestSamples(body: string): Map<string, number> {
  const answer = JSON.parse(body) as {
    data?: { result?: { metric: { instance?: string }; value: [number, string] }[] };
  };
  return new Map(
    (answer.data?.result ?? []).map(({ metric, value: [, seconds] }) => [
      metric.instance ?? '',
      Number(seconds),
    ]),
  );
}

/** The body of a 200 answer. node:http, not fetch(): this process has to fit into very little memory. */
function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_ANSWER_BYTES) request.destroy(new Error('the answer is too long'));
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`answers ${response.statusCode}`));
      });
    });
    request.on('error', reject);
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
