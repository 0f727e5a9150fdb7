/** One JSON line on stdout, in pino's shape, so that `playground logs` reads it like the others. */
const LEVELS = { info: 30, warn: 40, error: 50 } as const;

export function log(level: keyof typeof LEVELS, msg: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ level: LEVELS[level], time: Date.now(), msg, ...fields })}\n`);
}
