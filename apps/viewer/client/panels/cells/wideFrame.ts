import { type DataFrame, type Field, FieldType, getFieldDisplayName } from '@grafana/data';

/**
 * Series that each have their own time column as one frame: all times, and a column for each series with
 * `null` where it has no sample. Names become display names.
 */
export function toWideFrame(series: DataFrame[]): DataFrame | undefined {
  const usable = series.filter((frame) => frame.fields.some(({ type }) => type === FieldType.time));
  const first = usable[0];
  if (!first) return undefined;
  if (usable.length === 1) return { ...first, fields: timeFirst(first) };
  const times = [...new Set(usable.flatMap((frame) => timeFirst(frame)[0]!.values as number[]))].sort(
    (a, b) => a - b,
  );
  const columns = usable.flatMap((frame) => {
    const [time, ...values] = timeFirst(frame);
    return values.map((field) => aligned(field, time!.values as number[], times, frame, series));
  });
  return { ...first, length: times.length, fields: [{ ...timeFirst(first)[0]!, values: times }, ...columns] };
}

function aligned(
  field: Field,
  ownTimes: number[],
  times: number[],
  frame: DataFrame,
  series: DataFrame[],
): Field {
  const rowAt = new Map(ownTimes.map((time, row) => [time, row]));
  const values = times.map((time) => {
    const row = rowAt.get(time);
    return row === undefined ? null : field.values[row];
  });
  return { ...field, name: getFieldDisplayName(field, frame, series), values };
}

function timeFirst(frame: DataFrame): Field[] {
  const time = frame.fields.filter(({ type }) => type === FieldType.time);
  return [...time.slice(0, 1), ...frame.fields.filter(({ type }) => type !== FieldType.time)];
}
