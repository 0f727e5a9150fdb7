export type LogLevel = 'info' | 'warn' | 'error';
/** Writes one line; `fields` are what it says beside its words. */
export type Log = (level: LogLevel, msg: string, fields?: Record<string, unknown>) => void;

/**
 * The log of a program that is too small for a logging library: the same JSON lines on stdout as those of the ASEs
 * (docs/logs.md). `program` names both the node and its only component.
 */
export function createLog(
  program: string,
  write: (line: string) => void = (line) => process.stdout.write(line),
  nowMs: () => number = Date.now,
): Log {
  return (level, msg, fields = {}) =>
    write(
      `${JSON.stringify({ level, time: nowMs(), nodeId: program, component: program, ...fields, msg })}\n`,
    );
}
