import { spanExporter } from '../../../apps/ase/src/telemetry/exporter.ts';
import type { OperatorMetrics, OperatorTelemetry } from '../../../apps/ase/src/telemetry/operatorMetrics.ts';
import { createOperatorTelemetry } from '../../../apps/ase/src/telemetry/operatorMetrics.ts';
import { createTracing, type Tracing } from '../../../apps/ase/src/tracing/tracing.ts';
import type { ConnectorSide } from './packetOrder.ts';

/** What both ends of a side tell their operators. */
export interface SideTelemetry {
  metrics: OperatorMetrics;
  tracing: Tracing | undefined;
  /** Sends the spans that have ended; resolves when the collector has them. */
  flushSpans(): Promise<void>;
  /** What an ASE exports once an interval; not waited for. */
  exportMetrics(): void;
}

/** An ASE without telemetry. */
const NO_METRICS: OperatorMetrics = { add() {}, change() {}, record() {}, observe() {} };
const SAMPLING_RATIOS: Partial<Record<ConnectorSide, number>> = { traced: 1, sampled: 0.01 };
/** So that no export falls into another side's turn. */
const NEVER_MS = 2 ** 31 - 1;
const EXPORT_TIMEOUT_MS = 1_000;

export function openTelemetry(
  side: ConnectorSide,
  { aseName, peer, collectorUrl }: { aseName: string; peer: string; collectorUrl: string },
): SideTelemetry {
  const operator = side === 'quiet' ? undefined : openMetrics(aseName, peer, collectorUrl);
  const metrics = operator?.metrics ?? NO_METRICS;
  const samplingRatio = SAMPLING_RATIOS[side];
  const tracing =
    samplingRatio === undefined
      ? undefined
      : createTracing({
          aseName,
          samplingRatio,
          metrics,
          exporters: [spanExporter({ endpoint: collectorUrl, timeoutMs: EXPORT_TIMEOUT_MS, onError() {} })],
        });
  return {
    metrics,
    tracing,
    flushSpans: async () => tracing?.flush(),
    exportMetrics: () => void operator?.forceFlush(),
  };
}

function openMetrics(aseName: string, peer: string, endpoint: string): OperatorTelemetry {
  return createOperatorTelemetry({
    aseName,
    endpoint,
    exportIntervalMs: NEVER_MS,
    ledgerTotals: [],
    assets: ['EUR'],
    peers: [{ id: peer, assetCode: 'USD' }],
    onError() {},
  });
}
