import { parsePrometheusText, type TextSample } from '../../../../telemetry/textFormat.ts';
import { get } from '../../http.ts';

/** What programs of the pipeline say about themselves on /metrics. */
export interface OwnMetrics {
  /** The sum over all series of a name that have the labels; 0 without any. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
}

const TIMEOUT_MS = 10_000;

/** Of several programs of one kind together. */
export async function readOwnMetrics(urls: readonly string[]): Promise<OwnMetrics> {
  const answers = await Promise.all(urls.map((url) => get(url, { timeoutMs: TIMEOUT_MS })));
  return ownMetrics(answers.flatMap(({ body }) => parsePrometheusText(body)));
}

export function ownMetrics(samples: readonly TextSample[]): OwnMetrics {
  return {
    sum: (name, labels = {}) =>
      samples
        .filter((sample) => sample.name === name)
        .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
        .reduce((total, { value }) => total + Number(value), 0),
  };
}

/** Data points that collectors refused, dropped or could not pass on, since their start. */
export function lostPoints(metrics: OwnMetrics): number {
  const names = [
    'otelcol_receiver_refused_metric_points',
    'otelcol_receiver_failed_metric_points',
    'otelcol_exporter_send_failed_metric_points',
    'otelcol_exporter_enqueue_failed_metric_points',
    'otelcol_processor_filter_datapoints_filtered',
  ];
  return names.reduce((total, name) => total + metrics.sum(name), 0);
}
