import { OPERATOR_SERVICE_NAME } from '../../telemetry/catalogue.ts';
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

/**
 * Waits until Prometheus shows samples of every ASE that are newer than `sinceMs`; an ASE exports all its
 * series, zeros included, in one batch. Traffic may begin only then: a counter whose first visible sample is not
 * its zero (or its restored total) hides what came before.
 */
export async function waitForFirstData(
  prometheusUrl: string,
  ases: readonly string[],
  sinceMs: number,
  context: { say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const query = `max by (instance) (timestamp(target_info{job="${OPERATOR_SERVICE_NAME}"}))`;
  const look = async () => {
    try {
      const samples = await queryPrometheus(prometheusUrl, query);
      const newest = new Map(samples.map(({ labels, value }) => [labels.instance, Number(value) * 1000]));
      const missing = ases.filter((name) => (newest.get(name) ?? 0) < sinceMs);
      if (missing.length === 0) return undefined;
      return `first samples of ${missing.join(', ')} in Prometheus`;
    } catch (error) {
      return `Prometheus: ${messageOf(error)}`;
    }
  };
  await waitFor(look, { timeoutMs: VISIBLE_WITHIN_MS, pollMs: 50, ...context }).catch((error) => {
    if (!(error instanceof WaitedTooLong)) throw error;
    throw new NoDataError(error.message);
  });
}
