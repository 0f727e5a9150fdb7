import type { Attributes } from '@opentelemetry/api';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { InstrumentKind } from '../../../../telemetry/catalogue.ts';
import { prometheusLabel, prometheusName } from '../../../../telemetry/names.ts';

/**
 * Prometheus text format 0.0.4, with the names that Prometheus gives the same metrics over OTLP. (The SDK's own
 * Prometheus exporter leaves the units out of the names.)
 */
export function renderPrometheusText({ resource, scopeMetrics }: ResourceMetrics): string {
  return (
    renderInfo(resource.attributes) +
    scopeMetrics.flatMap(({ metrics }) => metrics.map(renderFamily)).join('')
  );
}

/** What Prometheus makes of a resource over OTLP, too: `job` and `instance` come from whoever fetches. */
function renderInfo(attributes: Attributes): string {
  const others = Object.entries(attributes).filter(([name]) => !IDENTIFYING.has(name));
  if (others.length === 0) return '';
  const pairs = labelPairs(Object.fromEntries(others));
  return `# HELP target_info What the process says of itself.\n# TYPE target_info gauge\n${sample('target_info', pairs, 1)}\n`;
}

const IDENTIFYING = new Set(['service.name', 'service.instance.id']);

function renderFamily(metric: MetricData): string {
  const kind = kindOf(metric);
  const name = prometheusName(metric.descriptor.name, { kind, unit: metric.descriptor.unit });
  const lines = [
    `# HELP ${name} ${metric.descriptor.description.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${kind === 'updowncounter' ? 'gauge' : kind}`,
    ...renderPoints(name, metric),
  ];
  return `${lines.join('\n')}\n`;
}

function renderPoints(name: string, metric: MetricData): string[] {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
    case DataPointType.GAUGE:
      return metric.dataPoints.map(({ attributes, value }) => sample(name, labelPairs(attributes), value));
    case DataPointType.HISTOGRAM:
      return metric.dataPoints.flatMap(({ attributes, value: { buckets, count, sum } }) => {
        const pairs = labelPairs(attributes);
        let seen = 0;
        return [
          ...buckets.boundaries.map((bound, index) => {
            seen += buckets.counts[index] ?? 0;
            return sample(`${name}_bucket`, [...pairs, `le="${numeral(bound)}"`], seen);
          }),
          sample(`${name}_bucket`, [...pairs, 'le="+Inf"'], count),
          sample(`${name}_sum`, pairs, sum ?? 0),
          sample(`${name}_count`, pairs, count),
        ];
      });
    default:
      throw new Error(`${name}: exponential histograms have no form in text format 0.0.4`);
  }
}

function kindOf(metric: MetricData): InstrumentKind {
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'updowncounter';
  return metric.dataPointType === DataPointType.GAUGE ? 'gauge' : 'histogram';
}

function labelPairs(attributes: Attributes): string[] {
  return Object.entries(attributes)
    .map(([key, value]) => `${prometheusLabel(key)}="${escapedLabelValue(String(value))}"`)
    .sort();
}

function sample(name: string, pairs: readonly string[], value: number): string {
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${numeral(value)}`;
}

function escapedLabelValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/** Safe integers never get an exponent, so that a total can be compared digit by digit. */
function numeral(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
