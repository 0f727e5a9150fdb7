/** Prometheus' cumulative `le` buckets as one frame with a column for each bucket. */
import { createDataFrame, type DataFrame, DataFrameType, FieldType } from '@grafana/data';
import { sampleNumber } from './response.ts';

export function bucketsToHeatmap(frames: DataFrame[], refId: string): DataFrame[] {
  if (frames.length === 0) return [];
  const buckets = frames.map(toBucket).sort((a, b) => a.upperBound - b.upperBound);
  const times = [...new Set(buckets.flatMap(({ countAt }) => [...countAt.keys()]))].sort((a, b) => a - b);
  let below = times.map(() => 0);
  const columns = buckets.map(({ label, countAt }) => {
    const cumulative = times.map((time, index) => countAt.get(time) ?? below[index]!);
    const own = cumulative.map((count, index) => Math.max(0, count - below[index]!));
    below = cumulative;
    return { name: label, type: FieldType.number, labels: { le: label }, config: {}, values: own };
  });
  return [
    createDataFrame({
      refId,
      meta: { type: DataFrameType.HeatmapRows },
      fields: [
        { name: 'Time', type: FieldType.time, config: frames[0]!.fields[0]!.config, values: times },
        ...columns,
      ],
    }),
  ];
}

interface Bucket {
  label: string;
  upperBound: number;
  countAt: Map<number, number>;
}

function toBucket(frame: DataFrame): Bucket {
  const [time, value] = frame.fields;
  const label = value?.labels?.le ?? '';
  const counts = ((time?.values ?? []) as number[]).map(
    (at, index) => [at, value?.values[index] as number] as const,
  );
  return { label, upperBound: sampleNumber(label), countAt: new Map(counts) };
}
