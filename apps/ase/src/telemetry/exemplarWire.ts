import type { SeriesExemplars } from './exemplars.ts';

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
    const series = byInstrument.get(text(metric, METRIC.name));
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
/** How a field's value is laid out. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

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
    found.set(text(value, KEY_VALUE.key), anyValue ? text(anyValue, ANY_VALUE.string) : '');
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

interface Field {
  field: number;
  /** Tag and all. */
  whole: Uint8Array;
  /** Of strings, bytes and messages. */
  value?: Uint8Array;
}

function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('this is no protobuf message');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    let value: Uint8Array | undefined;
    if (wire === WIRE.bytes) {
      const length = varint();
      value = message.subarray(at, at + length);
      at += length;
    } else if (wire === WIRE.varint) varint();
    else if (wire === WIRE.fixed64) at += 8;
    else if (wire === WIRE.fixed32) at += 4;
    else throw new RangeError('this is no protobuf message');
    yield { field, whole: message.subarray(start, at), ...(value && { value }) };
  }
}

function text(message: Uint8Array, field: number): string {
  const found = [...fieldsOf(message)].find((one) => one.field === field)?.value;
  return found ? Buffer.from(found).toString() : '';
}

function bytesField(field: number, value: Uint8Array): Buffer {
  return Buffer.concat([varintOf(field * 8 + WIRE.bytes), varintOf(value.length), value]);
}

function fixed64Field(field: number, write: (to: Buffer) => void): Buffer {
  const value = Buffer.alloc(8);
  write(value);
  return Buffer.concat([varintOf(field * 8 + WIRE.fixed64), value]);
}

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
