/** Exemplars: single measurements, each with the trace that it is from. */
import { createDataFrame, type DataFrame, FieldType } from '@grafana/data';
import type { Exemplar } from './exemplar.ts';
import type { ExemplarSeries } from './response.ts';

const RESULT_TYPE = 'exemplar';
const TRACE_LABEL = 'trace_id';

/** In the shape that Grafana's own data source gives them; those without a trace lead nowhere and are left out. */
export function exemplarFrame(refId: string, series: readonly ExemplarSeries[]): DataFrame {
  const rows = series
    .flatMap(({ seriesLabels, exemplars }) =>
      exemplars.map(({ labels, value, timestamp }) => ({
        timeMs: Math.round(timestamp * 1000),
        value: Number(value),
        traceId: labels[TRACE_LABEL] ?? '',
        labels: seriesLabels,
      })),
    )
    .filter(({ value, traceId }) => Number.isFinite(value) && traceId !== '');
  return createDataFrame({
    refId,
    meta: { custom: { resultType: RESULT_TYPE } },
    fields: [
      { name: 'Time', type: FieldType.time, config: {}, values: rows.map(({ timeMs }) => timeMs) },
      { name: 'Value', type: FieldType.number, config: {}, values: rows.map(({ value }) => value) },
      { name: TRACE_LABEL, type: FieldType.string, config: {}, values: rows.map(({ traceId }) => traceId) },
      { name: 'labels', type: FieldType.other, config: {}, values: rows.map(({ labels }) => labels) },
    ],
  });
}

export const isExemplars = ({ meta }: DataFrame): boolean => meta?.custom?.resultType === RESULT_TYPE;

/** The exemplars of frames that exemplarFrame() made. */
export function exemplarsOf(frames: readonly DataFrame[]): Exemplar[] {
  return frames.flatMap(({ fields, length }) => {
    const [time, value, trace, labels] = fields;
    return Array.from({ length }, (_, i) => ({
      timeMs: time!.values[i],
      value: value!.values[i],
      traceId: trace!.values[i],
      labels: labels!.values[i],
    }));
  });
}
