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
  const matchers = entries.map(([label, value]) =>
    typeof value === 'string' ? `${label}="${value}"` : `${label}=~"${value.join('|')}"`,
  );
  return `${name}${suffix}{${[`job="${OPERATOR_SERVICE_NAME}"`, ...matchers].join(',')}}`;
}
