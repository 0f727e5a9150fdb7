import { type MetricName, OPERATOR_SERVICE_NAME } from '../../telemetry/catalogue.ts';
import { NETWORK_SERVICE_NAME, type NetworkMetricName } from '../../telemetry/networkCatalogue.ts';
import { messageOf, VerbError } from './errors.ts';
import { queryPrometheus } from './prometheus.ts';
import { WaitedTooLong, waitFor } from './wait.ts';

/** All runs and is healthy, and yet no number arrives: there is something to examine. */
export class NoDataError extends VerbError {
  constructor(waited: string) {
    super(`everything runs, but ${waited}`, ['./playground doctor names the hop that is broken']);
    this.name = 'NoDataError';
  }
}

const VISIBLE_WITHIN_MS = 30_000;

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Waits until Prometheus shows samples of every ASE that are newer than `sinceMs`; an ASE exports all its
 * series, zeros included, in one batch. Traffic may begin only then: a counter whose first visible sample is not
 * its zero (or its restored total) hides what came before.
 */
export function waitForFirstData(
  prometheusUrl: string,
  ases: readonly string[],
  sinceMs: number,
  context: Context,
): Promise<void> {
  const probe: MetricName = 'process_start_timestamp_seconds';
  const query = `max by (instance) (timestamp(${probe}{job="${OPERATOR_SERVICE_NAME}"}))`;
  return waitForSamples('first samples', { prometheusUrl, query }, ases, sinceMs, context);
}

/** The same for what the ASEs tell their networks. */
export function waitForNetworkData(
  prometheusUrl: string,
  ases: readonly string[],
  sinceMs: number,
  context: Context,
): Promise<void> {
  const probe: NetworkMetricName = 'transactions_total';
  const query = `max by (instance) (timestamp(${probe}{job="${NETWORK_SERVICE_NAME}"}))`;
  return waitForSamples('network telemetry', { prometheusUrl, query }, ases, sinceMs, context);
}

/** @param query gives the Unix time of the newest sample by `instance` */
async function waitForSamples(
  what: string,
  { prometheusUrl, query }: { prometheusUrl: string; query: string },
  ases: readonly string[],
  sinceMs: number,
  context: Context,
): Promise<void> {
  const look = async () => {
    try {
      const samples = await queryPrometheus(prometheusUrl, query);
      const newest = new Map(samples.map(({ labels, value }) => [labels.instance, Number(value) * 1000]));
      const missing = ases.filter((name) => (newest.get(name) ?? 0) < sinceMs);
      if (missing.length === 0) return undefined;
      return `${what} of ${missing.join(', ')} in Prometheus`;
    } catch (error) {
      return `Prometheus: ${messageOf(error)}`;
    }
  };
  await waitFor(look, { timeoutMs: VISIBLE_WITHIN_MS, pollMs: 50, ...context }).catch((error) => {
    if (!(error instanceof WaitedTooLong)) throw error;
    throw new NoDataError(error.message);
  });
}
