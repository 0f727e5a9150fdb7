import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type HistogramMetricData } from '@opentelemetry/sdk-metrics';

/** A histogram of one series. */
export interface TimeHistogram {
  /** From 0. */
  record(milliseconds: number): void;
  /** All since the beginning, as the SDK's own histogram would have it. */
  collect(): HistogramMetricData;
}

/**
 * Counted here, because the SDK makes a text of the attributes for every value to find their series. There is but one,
 * and it stands at 0 before its first value.
 * @param buckets upper bounds, rising; a value that is one of them belongs to it
 */
export function createTimeHistogram({
  name,
  description,
  buckets,
  attributes,
}: {
  name: string;
  description: string;
  buckets: readonly number[];
  attributes: Attributes;
}): TimeHistogram {
  const descriptor = { name, description, unit: '', valueType: ValueType.DOUBLE };
  const startTime = now();
  const counts = new Array<number>(buckets.length + 1).fill(0);
  let [count, sum] = [0, 0];
  let min: number | undefined;
  let max: number | undefined;
  return {
    record(milliseconds) {
      count += 1;
      sum += milliseconds;
      if (min === undefined || milliseconds < min) min = milliseconds;
      if (max === undefined || milliseconds > max) max = milliseconds;
      let bucket = 0;
      while (bucket < buckets.length && milliseconds > buckets[bucket]!) bucket += 1;
      counts[bucket]! += 1;
    },
    collect: () => ({
      descriptor,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [
        {
          attributes,
          startTime,
          endTime: now(),
          value: {
            ...(min !== undefined && { min }),
            ...(max !== undefined && { max }),
            sum,
            buckets: { boundaries: [...buckets], counts: [...counts] },
            count,
          },
        },
      ],
    }),
  };
}

/** Seconds and nanoseconds since 1970, to the millisecond. */
function now(): HrTime {
  const ms = Date.now();
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1e6];
}
