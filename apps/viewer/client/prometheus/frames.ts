/** Prometheus' answer as Grafana data frames, one shape for each `format` of a query. */
import {
  createDataFrame,
  type DataFrame,
  DataFrameType,
  type Field,
  FieldType,
  type QueryResultMeta,
} from '@grafana/data';
import { bucketsToHeatmap } from './heatmapFrame.ts';
import {
  type Labels,
  type PrometheusData,
  type Sample,
  type Series,
  sampleNumber,
  samplesOf,
  seriesName,
  seriesOf,
} from './response.ts';
import type { PrometheusTarget } from './target.ts';

/** `expr` is the query as sent, `target.legendFormat` already interpolated. */
export function toFrames(
  target: PrometheusTarget,
  expr: string,
  data: PrometheusData,
  stepMs: number,
): DataFrame[] {
  const series = seriesOf(data);
  const meta: QueryResultMeta = {
    executedQueryString: `Expr: ${expr}\nStep: ${stepMs / 1000}s`,
    custom: { resultType: data.resultType },
  };
  if (target.format === 'table') return [tableFrame(target, series, meta)];
  const frames = series.map((one) => seriesFrame(target, expr, one, meta, stepMs));
  return target.format === 'heatmap' ? bucketsToHeatmap(frames, target.refId) : frames;
}

function seriesFrame(
  target: PrometheusTarget,
  expr: string,
  series: Series,
  meta: QueryResultMeta,
  stepMs: number,
): DataFrame {
  const samples = samplesOf(series);
  const isLine = series.values !== undefined;
  const type = isLine ? DataFrameType.TimeSeriesMulti : DataFrameType.NumericMulti;
  const displayNameFromDS = legend(target.legendFormat, expr, series.metric);
  return createDataFrame({
    refId: target.refId,
    meta: { ...meta, type },
    fields: [
      { ...timeField(samples), config: { interval: stepMs } },
      {
        name: 'Value',
        type: FieldType.number,
        labels: series.metric,
        config: displayNameFromDS === undefined ? {} : { displayNameFromDS },
        values: samples.map(([, value]) => graphNumber(value, isLine)),
      },
    ],
  });
}

/** A line has a gap where there is no number (0 / 0): NaN would spoil the whole axis. */
function graphNumber(text: string, isLine: boolean): number | null {
  const number = sampleNumber(text);
  return isLine && Number.isNaN(number) ? null : number;
}

/** One row for each sample, one column for each label. */
function tableFrame(target: PrometheusTarget, series: Series[], meta: QueryResultMeta): DataFrame {
  const rows = series.flatMap((one) => samplesOf(one).map((sample) => ({ labels: one.metric, sample })));
  const keys = [...new Set(series.flatMap((one) => Object.keys(one.metric)))].sort();
  const labelField = (key: string): Field => ({
    name: key,
    type: FieldType.string,
    config: { filterable: true },
    values: rows.map(({ labels }) => labels[key] ?? ''),
  });
  return createDataFrame({
    refId: target.refId,
    meta,
    fields: [
      timeField(rows.map(({ sample }) => sample)),
      ...keys.map(labelField),
      {
        name: 'Value',
        type: FieldType.number,
        config: {},
        values: rows.map(({ sample }) => sampleNumber(sample[1])),
      },
    ],
  });
}

function timeField(samples: Sample[]): Field {
  return {
    name: 'Time',
    type: FieldType.time,
    config: {},
    values: samples.map(([seconds]) => Math.round(seconds * 1000)),
  };
}

/** `undefined` leaves the name to Grafana, which shows the labels that tell the series apart. */
function legend(format: string | undefined, expr: string, labels: Labels): string | undefined {
  if (format && format !== '__auto') {
    return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, key: string) => labels[key] ?? '');
  }
  const hasLabels = Object.keys(labels).length > 0;
  if (format === '__auto') return hasLabels ? undefined : expr;
  return hasLabels ? seriesName(labels) : expr;
}
