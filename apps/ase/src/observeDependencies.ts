import type { ReadinessWatch } from './admin/readiness.ts';
import type { OperatorMetrics } from './telemetry/operatorMetrics.ts';

/** Lets telemetry tell what /health knows of the dependencies; there is nothing before the first look has ended. */
export function observeDependencies(
  metrics: Pick<OperatorMetrics, 'observe'>,
  readiness: Pick<ReadinessWatch, 'known'>,
): void {
  const known = () => Object.entries(readiness.known()?.dependencies ?? {});
  metrics.observe('connector_dependency_up', () =>
    known().map(([dependency, { ok }]) => ({ labels: { dependency }, value: ok ? 1 : 0 })),
  );
  metrics.observe('connector_dependency_latency_seconds', () =>
    known().map(([dependency, { latencyMs }]) => ({ labels: { dependency }, value: latencyMs / 1000 })),
  );
}
