/** Grafana's little language for variables: `label_values(…)`, `metrics(…)`, `query_result(…)`, a selector. */
import type { MetricFindValue, TimeRange } from '@grafana/data';
import type { PrometheusHttp, SecondsRange } from './httpClient.ts';
import { samplesOf, seriesName, seriesOf } from './response.ts';

export async function findVariableValues(
  http: PrometheusHttp,
  text: string,
  range: TimeRange | undefined,
): Promise<MetricFindValue[]> {
  const bounds = range ? secondsRange(range) : {};
  if (/^label_names\(\)\s*$/.test(text)) return values(await http.labelNames(bounds));

  const labelValues = /^label_values\(\s*(?:(.+),\s*)?([\w$]+)\s*\)\s*$/s.exec(text);
  if (labelValues) return values(await http.labelValues(labelValues[2]!, labelValues[1]?.trim(), bounds));

  const metrics = /^metrics\((.*)\)\s*$/.exec(text);
  if (metrics) {
    const names = await http.labelValues('__name__', undefined, bounds);
    const pattern = new RegExp(metrics[1]!);
    return values(names.filter((name) => pattern.test(name)));
  }

  const result = /^query_result\((.+)\)\s*$/s.exec(text);
  if (result) return queryResult(http, result[1]!, bounds.end);

  return values((await http.series(text, bounds)).map(seriesName));
}

async function queryResult(http: PrometheusHttp, expr: string, end?: number): Promise<MetricFindValue[]> {
  const series = seriesOf(await http.query(expr, end ?? Date.now() / 1000));
  return values(
    series.flatMap((one) =>
      samplesOf(one).map(([seconds, value]) => `${seriesName(one.metric)} ${value} ${seconds * 1000}`),
    ),
  );
}

const values = (texts: string[]): MetricFindValue[] => texts.map((text) => ({ text }));

const secondsRange = (range: TimeRange): Partial<SecondsRange> => ({
  start: range.from.valueOf() / 1000,
  end: range.to.valueOf() / 1000,
});
