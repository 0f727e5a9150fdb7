const PROGRAM = 'dashboards';

/** One JSON line on stdout, in the shape of all programs of the playground (docs/logs.md). */
export function log(
  level: 'info' | 'warn' | 'error',
  msg: string,
  fields: Record<string, unknown> = {},
): void {
  const line = { level, time: Date.now(), nodeId: PROGRAM, component: PROGRAM, ...fields, msg };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
