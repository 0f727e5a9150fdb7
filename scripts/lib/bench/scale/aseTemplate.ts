import { CATALOGUE, type MetricName } from '../../../../telemetry/catalogue.ts';
import { parsePrometheusText } from '../../../../telemetry/textFormat.ts';

/** Every series of one ASE with where it stands: what simulated ASEs are made after. */
export interface AseTemplate {
  /** Counters, up-down counters and gauges. */
  values: SeriesTemplate[];
  histograms: HistogramTemplate[];
}

export interface SeriesTemplate {
  name: MetricName;
  labels: Record<string, string>;
  value: number;
}

export interface HistogramTemplate extends Omit<SeriesTemplate, 'value'> {
  count: number;
  sum: number;
}

/**
 * The series of the catalogue in what an ASE says on /metrics; of histograms one for each label set, whatever its
 * buckets. Throws a SyntaxError when the text cannot be read, an Error when nothing of the catalogue is in it.
 */
export function readAseTemplate(metricsText: string): AseTemplate {
  const samples = parsePrometheusText(metricsText);
  const sums = new Map(samples.map(({ name, labels, value }) => [keyOf(name, labels), Number(value)]));
  const template: AseTemplate = { values: [], histograms: [] };
  for (const { name, labels, value } of samples) {
    const ofHistogram = /^(.+)_count$/.exec(name)?.[1];
    if (isKnown(name) && CATALOGUE[name].kind !== 'histogram') {
      template.values.push({ name, labels, value: numberOf(value) });
    } else if (isKnown(ofHistogram) && CATALOGUE[ofHistogram].kind === 'histogram') {
      const sum = sums.get(keyOf(`${ofHistogram}_sum`, labels)) ?? 0;
      template.histograms.push({ name: ofHistogram, labels, count: Number(value), sum });
    }
  }
  if (template.values.length === 0) throw new Error('nothing of the catalogue is in the metrics of the ASE');
  return template;
}

/** Prometheus' words for the infinities are not JavaScript's. */
function numberOf(value: string): number {
  return Number(value.replace('Inf', 'Infinity'));
}

function isKnown(name: string | undefined): name is MetricName {
  return name !== undefined && Object.hasOwn(CATALOGUE, name);
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
