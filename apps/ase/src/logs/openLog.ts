import type { Logger } from 'pino';
import { within } from '../within.ts';
import { boundedFile } from './boundedFile.ts';
import { createLog, type LogComponent, STDOUT, stdout } from './log.ts';

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
  maxLogBytes: number;
  logsOtlpEndpoint: string | undefined;
}): Promise<OpenedLog> {
  const { name: nodeId, logLevel: level, maxLogBytes: maxBytes, logsOtlpEndpoint: endpoint } = settings;
  const out = boundedFile(stdout(), { fd: STDOUT, maxBytes, note: () => anew(nodeId, maxBytes) });
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

/** The first line of a file that begins anew. */
function anew(nodeId: string, maxBytes: number): string {
  let line = '';
  createLog({ nodeId, level: 'info' }, { write: (text) => (line = text) })
    .child({ component: 'ase' satisfies LogComponent })
    .info({ maxBytes }, 'This log begins anew: it was full');
  return line;
}
