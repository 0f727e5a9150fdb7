/** What Prometheus' query endpoints answer under `data`. */
export type Labels = Record<string, string>;
/** Seconds, and a number in words (`"1.5"`, `"+Inf"`). */
export type Sample = [number, string];

export interface Series {
  metric: Labels;
  value?: Sample;
  values?: Sample[];
}

/** What query_exemplars answers. */
export interface ExemplarSeries {
  seriesLabels: Labels;
  exemplars: Array<{ labels: Labels; value: string; timestamp: number }>;
}

export type PrometheusData =
  | { resultType: 'vector' | 'matrix'; result: Series[] }
  | { resultType: 'scalar' | 'string'; result: Sample };

/** Every result as series; a scalar becomes one series without labels. */
export function seriesOf(data: PrometheusData): Series[] {
  if (data.resultType === 'scalar' || data.resultType === 'string') {
    return [{ metric: {}, value: data.result as Sample }];
  }
  return data.result as Series[];
}

export const samplesOf = (series: Series): Sample[] => series.values ?? (series.value ? [series.value] : []);

export function sampleNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

/** `name{a="b"}`, as Prometheus writes it. */
export function seriesName({ __name__: name = '', ...labels }: Labels): string {
  const inner = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return inner.length === 0 && name ? name : `${name}{${inner.join(', ')}}`;
}
