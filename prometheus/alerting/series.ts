import { type CATALOGUE, type MetricName, OPERATOR_SERVICE_NAME } from '../../telemetry/catalogue.ts';

/** Of jobs that Prometheus scrapes by itself: whether an ASE answers, and the collectors about themselves. */
export const HEALTH_JOB = 'connector-health';
export const COLLECTOR_JOB = 'collector';

type LabelOf<N extends MetricName> = (typeof CATALOGUE)[N]['labels'][number];

/** All series of an operator metric: `name{job="ilp-connector",…}`. */
export function series<N extends MetricName>(
  name: N,
  labels: Partial<Record<LabelOf<N>, string | readonly string[]>> = {},
  suffix: '' | '_bucket' = '',
): string {
  const entries = Object.entries(labels) as [string, string | readonly string[]][];
  return selector(`${name}${suffix}`, entries);
}

/** What settlement counts, by the names of the design: not in the catalogue as long as nothing counts it. */
export const SETTLEMENT_METRICS = {
  settlements_executed_total: ['method', 'status'],
  payment_channels_active: ['method', 'status'],
} as const;

export function settlementSeries(
  name: keyof typeof SETTLEMENT_METRICS,
  labels: Record<string, string> = {},
): string {
  return selector(name, Object.entries(labels));
}

function selector(name: string, labels: [string, string | readonly string[]][]): string {
  const matchers = labels.map(([label, value]) =>
    typeof value === 'string' ? `${label}="${value}"` : `${label}=~"${value.join('|')}"`,
  );
  return `${name}{${[`job="${OPERATOR_SERVICE_NAME}"`, ...matchers].join(',')}}`;
}
