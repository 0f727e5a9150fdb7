import { type Attributes, type HrTime, ROOT_CONTEXT, SeverityNumber, trace } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import packageJson from '../../../../package.json' with { type: 'json' };
import { OPERATOR_METER_NAME, OPERATOR_SERVICE_NAME } from '../../../../telemetry/catalogue.ts';

export interface OtlpLogs {
  /** Takes one line of the log. It never waits and never throws. */
  write(line: string): void;
  /** Sends what waits, if the collector takes it. */
  shutdown(): Promise<void>;
}

export interface OtlpLogsOptions {
  /** OTLP over gRPC. */
  endpoint: string;
  aseName: string;
  /** Told when the collector begins to take no lines, and why; and without a reason when it takes them again. */
  onChange: (trouble: string | undefined) => void;
}

/** What more than this many lines wait for a collector that takes none, is only on stdout. */
const MAX_WAITING = 2_048;
const BATCH_EVERY_MS = 1_000;
const TIMEOUT_MS = 5_000;
const MAX_VALUE_LENGTH = 4_000;

/**
 * Sends an ASE's log lines to a collector as OTLP log records, beside stdout, which stays the full account. The fields
 * of a line become attributes; its trace becomes the record's.
 */
export function createOtlpLogs({ endpoint, aseName, onChange }: OtlpLogsOptions): OtlpLogs {
  const exporter = watched(new OTLPLogExporter({ url: endpoint, timeoutMillis: TIMEOUT_MS }), onChange);
  const provider = new LoggerProvider({
    // The same as that of the metrics, so that both are found by the same words.
    resource: resourceFromAttributes({
      'service.name': OPERATOR_SERVICE_NAME,
      'service.instance.id': aseName,
      'service.version': packageJson.version,
    }),
    logRecordLimits: { attributeValueLengthLimit: MAX_VALUE_LENGTH },
    processors: [
      new BatchLogRecordProcessor({
        exporter,
        maxQueueSize: MAX_WAITING,
        scheduledDelayMillis: BATCH_EVERY_MS,
        exportTimeoutMillis: TIMEOUT_MS,
      }),
    ],
  });
  const logger = provider.getLogger(OPERATOR_METER_NAME);
  const timeOf = createLineClock();
  return {
    write(line) {
      try {
        const fields = JSON.parse(line) as Line;
        logger.emit({ timestamp: timeOf(fields.time), ...recordOf(fields) });
      } catch {
        // A line that is no object is on stdout all the same.
      }
    },
    shutdown: () => provider.shutdown(),
  };
}

interface Line {
  level: string;
  time: number;
  msg?: string;
  trace_id?: string;
  span_id?: string;
  err?: { type?: string; message?: string; stack?: string };
  [field: string]: unknown;
}

const SEVERITY: Record<string, SeverityNumber> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

function recordOf(line: Line) {
  const { level, time: _time, msg = '', trace_id: traceId, span_id: spanId, err, ...fields } = line;
  const span = traceId && spanId ? { traceId, spanId, traceFlags: 1 } : undefined;
  return {
    severityNumber: SEVERITY[level] ?? SeverityNumber.UNSPECIFIED,
    severityText: level,
    body: msg,
    attributes: { ...attributesOf(fields), ...exceptionOf(err) },
    context: span ? trace.setSpanContext(ROOT_CONTEXT, span) : ROOT_CONTEXT,
  };
}

/**
 * A time for each line that no other line has: Loki takes two lines with the same time and the same words for one, and
 * a line's own time counts milliseconds. So those of one millisecond are a nanosecond apart.
 */
export function createLineClock(): (timeMs: number) => HrTime {
  let lastMs = 0;
  let nanoseconds = 0;
  return (timeMs) => {
    nanoseconds = timeMs > lastMs ? 0 : nanoseconds + 1;
    lastMs = Math.max(timeMs, lastMs);
    return [Math.floor(lastMs / 1000), (lastMs % 1000) * 1_000_000 + nanoseconds];
  };
}

function attributesOf(fields: Record<string, unknown>): Attributes {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isPlain(value) ? value : JSON.stringify(value)]),
  );
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** By the semantic conventions for exceptions. */
function exceptionOf(err: Line['err']): Attributes {
  if (!err) return {};
  const { type, message, stack } = err;
  return { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack };
}

function watched(exporter: LogRecordExporter, onChange: OtlpLogsOptions['onChange']): LogRecordExporter {
  let isBroken = false;
  return {
    export: (records, done) =>
      exporter.export(records, (result) => {
        if (isBroken !== (result.error !== undefined)) {
          isBroken = !isBroken;
          onChange(result.error?.message);
        }
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
