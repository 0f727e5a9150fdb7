/**
 * Annotations from a Prometheus query: each stretch of time in which a series is above zero is one event, a
 * region if it is longer than one step. Options are those that Grafana's annotation editor stores.
 */
import type { AnnotationEvent, AnnotationQuery, AnnotationSupport, DataFrame, Labels } from '@grafana/data';
import { of } from 'rxjs';
import type { PrometheusTarget } from './target.ts';

/** Where Grafana's editor puts the options of a Prometheus annotation; older boards have them one level up. */
interface PrometheusAnnotation extends AnnotationQuery<PrometheusTarget> {
  expr?: string;
  step?: string;
  titleFormat?: string;
  textFormat?: string;
  tagKeys?: string;
  useValueForTime?: boolean;
}

export const annotationSupport: AnnotationSupport<PrometheusTarget> = {
  prepareAnnotation: (json: PrometheusAnnotation) => ({
    ...json,
    target: {
      refId: 'annotation',
      expr: json.expr ?? json.target?.expr ?? '',
      interval: json.step || json.target?.interval,
      range: true,
    },
  }),
  prepareQuery: (annotation) => (annotation.target?.expr ? annotation.target : undefined),
  processEvents: (annotation, frames) =>
    of(frames.flatMap((frame) => eventsOf(annotation as PrometheusAnnotation, frame))),
};

function eventsOf(annotation: PrometheusAnnotation, frame: DataFrame): AnnotationEvent[] {
  const [time, value] = frame.fields;
  const times = (time?.values ?? []) as number[];
  const numbers = (value?.values ?? []) as number[];
  const labels = value?.labels ?? {};
  const stepMs = time?.config.interval ?? 0;
  const describe = (from: number, to: number): AnnotationEvent => ({
    time: from,
    ...(to > from ? { timeEnd: to } : {}),
    title: fill(annotation.titleFormat ?? annotation.name, labels),
    text: fill(annotation.textFormat ?? '', labels),
    tags: tagKeys(annotation)
      .map((key) => labels[key])
      .filter((tag) => tag !== undefined),
  });
  if (annotation.useValueForTime) return [...new Set(numbers)].map((at) => describe(at, at));
  return stretches(times, numbers, stepMs).map(([from, to]) => describe(from, to));
}

/** Runs of samples above zero that follow each other by no more than one step. */
function stretches(times: number[], numbers: number[], stepMs: number): Array<[number, number]> {
  const found: Array<[number, number]> = [];
  times.forEach((time, index) => {
    if (!(numbers[index]! > 0)) return;
    const last = found.at(-1);
    if (last && time - last[1] <= stepMs * 1.5) last[1] = time;
    else found.push([time, time]);
  });
  return found;
}

const tagKeys = (annotation: PrometheusAnnotation): string[] =>
  (annotation.tagKeys ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean);

const fill = (format: string, labels: Labels): string =>
  format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, key: string) => labels[key] ?? '');
