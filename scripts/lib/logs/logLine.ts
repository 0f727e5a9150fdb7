/** One line of a component's log, whatever its program writes. */
export interface LogLine {
  component: string;
  /** Unix time in milliseconds; that of the line before when the line does not tell. */
  timeMs: number;
  level: Level;
  text: string;
  /** As the program wrote them; empty when the line is no JSON object. */
  fields: Readonly<Record<string, unknown>>;
}

export type Level = (typeof LEVELS)[number];
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Told elsewhere in the line, or to nobody's use. */
const HIDDEN = [
  'time',
  'ts',
  'timestamp',
  'level',
  'msg',
  'message',
  'name',
  'nodeId',
  'component',
  'pid',
  'hostname',
  'v',
  'source',
  'caller',
  'logger',
  't',
  'lvl',
  'resource',
  'stacktrace',
  // Long, and nobody reads it: `--json` has it.
  'span_id',
];

/** Ids by which lines are found: behind what a line says by itself. */
const LAST = ['correlationId', 'trace_id'];

/** Reads pino's JSON, and that of Prometheus, the collector and Grafana; any other text is passed on as it is. */
export function parseLogLine(component: string, line: string, previousMs: number): LogLine {
  const fields = parseObject(line);
  if (!fields) return { component, timeMs: previousMs, level: plainLevel(line), text: line, fields: {} };
  const { err, error, ...rest } = fields;
  const message = String(rest.msg ?? rest.message ?? '');
  const cause = causeOf(err ?? error);
  const more = Object.entries(rest)
    .filter(([key]) => !HIDDEN.includes(key))
    .sort(([a], [b]) => LAST.indexOf(a) - LAST.indexOf(b))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return {
    component,
    timeMs: timeOf(rest.time ?? rest.ts ?? rest.timestamp ?? rest.t) ?? previousMs,
    level: levelOf(rest.level ?? rest.lvl),
    fields,
    text: [...partOf(component, rest), message, ...(cause === undefined ? [] : [`(${cause})`]), ...more]
      .join(' ')
      .trim(),
  };
}

/** The part of the program that speaks, where that is not the whole of it. */
function partOf(program: string, { component }: Record<string, unknown>): string[] {
  return typeof component === 'string' && component !== program ? [`[${component}]`] : [];
}

/** `12:34:56.789  happy-life  WARN  text` */
export function formatLogLine({ component, timeMs, level, text }: LogLine, componentWidth: number): string {
  const time = timeMs > 0 ? new Date(timeMs).toISOString().slice(11, 23) : ' '.repeat(12);
  return `${time}  ${component.padEnd(componentWidth)}  ${level.toUpperCase().padEnd(5)}  ${text}`;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  if (typeof error !== 'object') return String(error);
  const { message, code } = error as { message?: string; code?: string };
  return [code, message].filter(Boolean).join(' ') || JSON.stringify(error);
}

/** Milliseconds, seconds with a fraction, or an ISO time. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const parsed = Date.parse(value);
    return Number.isNaN(parsed) ? undefined : parsed;
  }
  if (typeof value !== 'number') return undefined;
  return value < 100_000_000_000 ? value * 1000 : value;
}

/** pino counts in tens: 30 is info, 40 a warning, 50 an error. */
function levelOf(value: unknown): Level {
  if (typeof value === 'number')
    return value >= 50 ? 'error' : value >= 40 ? 'warn' : value >= 30 ? 'info' : 'debug';
  const word = String(value ?? 'info').toLowerCase();
  if (word === 'fatal' || word === 'panic' || word === 'eror') return 'error';
  return LEVELS.find((level) => word.startsWith(level)) ?? 'info';
}

function plainLevel(line: string): Level {
  return /^\s*(\w*Error|error|fatal)\b/i.test(line) ? 'error' : 'info';
}
