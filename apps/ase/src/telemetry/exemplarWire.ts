import type { SeriesExemplars } from './exemplars.ts';
import { bytesField, fieldsOf, fixed64Field, textOf } from './protobuf.ts';

/**
 * Adds exemplars to an OTLP ExportMetricsServiceRequest in protobuf. The OpenTelemetry SDK for JavaScript has none, so
 * they are put in where the protocol has their place; everything else passes byte for byte. Field numbers:
 * opentelemetry/proto/metrics/v1/metrics.proto and common/v1/common.proto.
 */
export function withExemplars(
  request: Uint8Array,
  byInstrument: ReadonlyMap<string, readonly SeriesExemplars[]>,
): Uint8Array {
  if (byInstrument.size === 0) return request;
  const inMetric = (metric: Uint8Array) => {
    const series = byInstrument.get(textOf(metric, METRIC.name));
    return series
      ? within(metric, METRIC.histogram, (histogram) =>
          within(histogram, HISTOGRAM.dataPoints, (point) => addTo(point, series)),
        )
      : metric;
  };
  return within(request, REQUEST.resourceMetrics, (resource) =>
    within(resource, RESOURCE.scopeMetrics, (scope) => within(scope, SCOPE.metrics, inMetric)),
  );
}

const REQUEST = { resourceMetrics: 1 };
const RESOURCE = { scopeMetrics: 2 };
const SCOPE = { metrics: 2 };
const METRIC = { name: 1, histogram: 9 };
const HISTOGRAM = { dataPoints: 1 };
const POINT = { exemplars: 8, attributes: 9 };
const EXEMPLAR = { timeUnixNano: 2, asDouble: 3, spanId: 4, traceId: 5 };
const KEY_VALUE = { key: 1, value: 2 };
const ANY_VALUE = { string: 1 };

function addTo(point: Uint8Array, series: readonly SeriesExemplars[]): Uint8Array {
  const labels = attributesOf(point);
  const match = series.find(({ attributes }) => {
    const entries = Object.entries(attributes);
    return (
      entries.length === labels.size && entries.every(([key, value]) => labels.get(key) === String(value))
    );
  });
  if (!match) return point;
  const added = match.exemplars.map(({ value, atMs, spanId, traceId }) =>
    bytesField(
      POINT.exemplars,
      Buffer.concat([
        fixed64Field(EXEMPLAR.timeUnixNano, (to) =>
          to.writeBigUInt64LE(BigInt(Math.round(atMs)) * 1_000_000n),
        ),
        fixed64Field(EXEMPLAR.asDouble, (to) => to.writeDoubleLE(value)),
        bytesField(EXEMPLAR.spanId, Buffer.from(spanId, 'hex')),
        bytesField(EXEMPLAR.traceId, Buffer.from(traceId, 'hex')),
      ]),
    ),
  );
  return Buffer.concat([point, ...added]);
}

function attributesOf(point: Uint8Array): Map<string, string> {
  const found = new Map<string, string>();
  for (const { field, value } of fieldsOf(point)) {
    if (field !== POINT.attributes || !value) continue;
    const anyValue = [...fieldsOf(value)].find((inner) => inner.field === KEY_VALUE.value)?.value;
    found.set(textOf(value, KEY_VALUE.key), anyValue ? textOf(anyValue, ANY_VALUE.string) : '');
  }
  return found;
}

/** The message with every such field changed. */
function within(message: Uint8Array, field: number, change: (value: Uint8Array) => Uint8Array): Uint8Array {
  return Buffer.concat(
    [...fieldsOf(message)].map((one) => {
      if (one.field !== field || !one.value) return one.whole;
      const changed = change(one.value);
      return changed === one.value ? one.whole : bytesField(field, changed);
    }),
  );
}
