/**
 * OTLP metrics messages as bytes, right or wrong in any way that a test wants: the SDK would refuse to make most of them.
 * Field numbers: https://github.com/open-telemetry/opentelemetry-proto (metrics.proto, common.proto, resource.proto).
 */

export type AttributeValue = string | number | boolean | AttributeValue[];
/** In the order of the message; a key may come twice. */
export type Attributes = readonly (readonly [key: string, value: AttributeValue])[];

export interface PointSpec {
  attributes?: Attributes;
  /** Of sums and gauges. Whole numbers go as integers, all others as doubles. */
  value?: number;
  /** Of histograms; one count more than bounds. */
  bounds?: readonly number[];
  counts?: readonly number[];
  /** Of histograms; when left out, 1 for each count. */
  sum?: number;
  /** Unix time; now when left out. */
  timeMs?: number;
  flags?: number;
}

export interface OtlpMetric {
  name: string;
  kind?: 'sum' | 'gauge' | 'histogram' | 'exponential';
  unit?: string;
  description?: string;
  /** Default: cumulative. */
  temporality?: 'delta' | 'cumulative';
  /** Of sums; default true. */
  monotonic?: boolean;
  points: readonly PointSpec[];
}

export interface MessageSpec {
  resource: Attributes;
  scopeName?: string;
  metrics: readonly OtlpMetric[];
}

/** An ExportMetricsServiceRequest. */
export function otlpMessage({ resource, scopeName = 'Rafiki', metrics }: MessageSpec): Buffer {
  const scope = field(1, text(1, scopeName));
  const scopeMetrics = field(
    2,
    Buffer.concat([scope, ...metrics.map((metric) => field(2, metricOf(metric)))]),
  );
  return field(1, Buffer.concat([field(1, attributesAt(1, resource)), scopeMetrics]));
}

const TEMPORALITY = { delta: 1, cumulative: 2 };
const DATA_FIELD = { gauge: 5, sum: 7, histogram: 9, exponential: 10 };
const ATTRIBUTES_FIELD = { gauge: 7, sum: 7, histogram: 9, exponential: 1 };
const FLAGS_FIELD = { gauge: 8, sum: 8, histogram: 10, exponential: 10 };

function metricOf(spec: OtlpMetric): Buffer {
  const { name, kind = 'sum', temporality = 'cumulative', monotonic = true } = spec;
  const data = [
    ...spec.points.map((point) => field(1, pointOf(point, kind))),
    ...(kind === 'gauge' ? [] : [varint(2, TEMPORALITY[temporality])]),
    ...(kind === 'sum' ? [varint(3, monotonic ? 1 : 0)] : []),
  ];
  return Buffer.concat([
    text(1, name),
    text(2, spec.description ?? ''),
    text(3, spec.unit ?? ''),
    field(DATA_FIELD[kind], Buffer.concat(data)),
  ]);
}

function pointOf(point: PointSpec, kind: NonNullable<OtlpMetric['kind']>): Buffer {
  const { attributes = [], value, bounds = [], counts = [], timeMs = Date.now(), flags } = point;
  const nanoseconds = BigInt(Math.round(timeMs)) * 1_000_000n;
  const parts = [
    attributesAt(ATTRIBUTES_FIELD[kind], attributes),
    fixed64(2, nanoseconds - 1_000_000_000n),
    fixed64(3, nanoseconds),
  ];
  if (flags !== undefined) parts.push(varint(FLAGS_FIELD[kind], flags));
  if (kind === 'sum' || kind === 'gauge') {
    if (value !== undefined)
      parts.push(Number.isInteger(value) ? fixed64(6, BigInt(value)) : double(4, value));
  } else {
    const count = counts.reduce((sum, n) => sum + n, 0);
    parts.push(fixed64(4, BigInt(count)), double(5, point.sum ?? count));
    if (kind === 'histogram') {
      parts.push(field(6, Buffer.concat(counts.map((n) => littleEndian64(BigInt(n))))));
      parts.push(field(7, Buffer.concat(bounds.map(doubleBytes))));
    }
  }
  return Buffer.concat(parts);
}

function attributesAt(number: number, attributes: Attributes): Buffer {
  return Buffer.concat(
    attributes.map(([key, value]) => field(number, Buffer.concat([text(1, key), field(2, anyValue(value))]))),
  );
}

function anyValue(value: AttributeValue): Buffer {
  if (typeof value === 'string') return text(1, value);
  if (typeof value === 'boolean') return varint(2, value ? 1 : 0);
  if (typeof value === 'number') return double(4, value);
  return field(5, Buffer.concat(value.map((one) => field(1, anyValue(one)))));
}

function text(number: number, content: string): Buffer {
  return field(number, Buffer.from(content));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, 2), varintBytes(content.length), content]);
}

function varint(number: number, value: number): Buffer {
  return Buffer.concat([tag(number, 0), varintBytes(value)]);
}

function fixed64(number: number, value: bigint): Buffer {
  return Buffer.concat([tag(number, 1), littleEndian64(value)]);
}

function double(number: number, value: number): Buffer {
  return Buffer.concat([tag(number, 1), doubleBytes(value)]);
}

function tag(number: number, wireType: number): Buffer {
  return varintBytes(number * 8 + wireType);
}

function varintBytes(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function littleEndian64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
