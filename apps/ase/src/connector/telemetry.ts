import type { OperatorMetrics } from '../telemetry/operatorMetrics.ts';

export type Metrics = Pick<OperatorMetrics, 'add' | 'change' | 'record'>;

/** Metrics that cannot hurt: whatever goes wrong in telemetry is telemetry's problem, never the packet's. */
export function harmless(metrics: Metrics): Metrics {
  return {
    add: (name, labels, by) => attempt(() => metrics.add(name, labels, by)),
    change: (name, labels, by) => attempt(() => metrics.change(name, labels, by)),
    record: (name, labels, value, measuredIn) =>
      attempt(() => metrics.record(name, labels, value, measuredIn)),
  };
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Telemetry reports its own errors.
  }
}
