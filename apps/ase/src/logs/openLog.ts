import type { Logger } from 'pino';
import { within } from '../within.ts';
import { createLog, type LogComponent, stdout } from './log.ts';

interface OpenedLog {
  log: Logger;
  /** Sends on what waits, within a moment. */
  close(): Promise<void>;
}

const CLOSE_BOUND_MS = 500;

/** The log of an ASE on stdout, and by OTLP where the settings say so. */
export async function openLog(settings: {
  name: string;
  logLevel: string;
  logsOtlpEndpoint: string | undefined;
}): Promise<OpenedLog> {
  const { name: nodeId, logLevel: level, logsOtlpEndpoint: endpoint } = settings;
  const out = stdout();
  if (endpoint === undefined) return { log: createLog({ nodeId, level }, out), async close() {} };
  // Loaded only where it is wanted: it is some megabytes.
  const { createOtlpLogs } = await import('./otlp.ts');
  const otlp = createOtlpLogs({
    endpoint,
    aseName: nodeId,
    onChange: (trouble) =>
      trouble === undefined
        ? about.info('The collector takes log lines again')
        : about.warn({ problem: trouble }, 'The collector takes no log lines'),
  });
  const log = createLog(
    { nodeId, level },
    {
      write(line) {
        out.write(line);
        otlp.write(line);
      },
    },
  );
  const about = log.child({ component: 'telemetry' satisfies LogComponent });
  return { log, close: () => within(CLOSE_BOUND_MS, otlp.shutdown()) };
}
