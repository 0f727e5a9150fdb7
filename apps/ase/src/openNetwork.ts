import type { Logger } from 'pino';
import type { RatesSource } from './connector/types.ts';
import { startJob } from './jobs.ts';
import type { Ledger } from './ledger/types.ts';
import type { TelemetryErrorListener } from './telemetry/errors.ts';
import { createExternalRates } from './telemetry/network/externalRates.ts';
import { createNetworkTelemetry, type NetworkTelemetry } from './telemetry/network/network.ts';
import type { NetworkSettings } from './telemetry/network/settings.ts';
import type { OperatorMetrics } from './telemetry/operatorMetrics.ts';
import { within } from './within.ts';

const STOP_BOUND_MS = 700;

/**
 * Starts network telemetry with its timer and its connections; when it is off, nothing at all. Trouble in it is told
 * and leaves it off: no payment depends on it.
 */
export function openNetwork(options: {
  settings: NetworkSettings;
  ledger: Ledger;
  rates: RatesSource;
  metrics: OperatorMetrics;
  log: Logger;
  onError: TelemetryErrorListener;
}): { network: NetworkTelemetry; close(): Promise<void> } | undefined {
  const { settings, ledger, metrics, log, onError } = options;
  if (!settings.enabled) return undefined;
  const external = settings.externalRatesUrl
    ? createExternalRates({
        url: settings.externalRatesUrl,
        onChange: (problem) =>
          problem
            ? log.warn({ problem }, 'No daily exchange rates')
            : log.info('Daily exchange rates are there'),
      })
    : undefined;
  let network: NetworkTelemetry;
  try {
    const rates = external ? [options.rates, external] : [options.rates];
    network = createNetworkTelemetry({ settings, ledger, rates, metrics, onError });
  } catch (error) {
    external?.stop();
    log.error({ err: error }, 'Network telemetry stays off: what the ledger has of it cannot be continued');
    return undefined;
  }
  // Nobody waits for it: a packet without a rate is counted as one.
  void external?.start();
  const ticking = startJob(settings.exportIntervalMs, network.tick, (error) =>
    log.warn({ err: error }, 'Network telemetry missed an interval'),
  );
  return {
    network,
    async close() {
      ticking.stop();
      external?.stop();
      await within(STOP_BOUND_MS, network.tick().then(network.stop));
    },
  };
}
