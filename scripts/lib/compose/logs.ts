import { type LogLine, parseLogLine } from '../logs/logLine.ts';
import type { PaymentLines } from '../logs/payment.ts';
import type { Settings } from '../settings.ts';
import { findEngine } from './engine.ts';
import { composeProject } from './project.ts';
import type { ComposeRun } from './running.ts';
import { componentName } from './status.ts';
import { troubleOf } from './trouble.ts';

export interface LogRequest {
  /** Names of components. */
  components: readonly string[];
  lines: number;
  follow: boolean;
  /** Only its lines, out of all that the engine has kept. */
  payment?: PaymentLines | undefined;
}

/** Shows what containers say: the newest lines in the order of time, and then, to follow, each line as it comes. */
export async function showContainerLogs(
  settings: Settings,
  run: ComposeRun,
  { components, lines, follow, payment }: LogRequest,
  print: (lines: LogLine[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const services = run.containers
    .filter((container) => components.includes(componentName(container)))
    .map(({ service }) => service);
  if (services.length === 0) return;
  const project = composeProject(await findEngine({ signal }), settings);
  const words = ['logs', '--no-color', '--timestamps'];
  const since = new Date().toISOString();
  const tail = payment ? 'all' : String(lines);
  const newest = await project.compose([...words, '--tail', tail, ...services]);
  if (newest.exitCode !== 0) throw troubleOf('docker compose logs', newest.stderr);
  const read = newest.stdout.split('\n').flatMap((line) => parseComposeLine(line) ?? []);
  read.sort((a, b) => a.timeMs - b.timeMs);
  payment?.learn(read);
  const wanted = payment ? payment.pick(read) : read;
  print(lines === 0 ? [] : wanted.slice(-lines));
  if (!follow) return;
  const onOutput = (line: string) => {
    const parsed = parseComposeLine(line);
    if (parsed) print(payment ? payment.pick([parsed]) : [parsed]);
  };
  try {
    await project.compose([...words, '--follow', '--since', since, ...services], { onOutput });
  } catch (error) {
    // Ctrl-C is how following ends.
    if (!signal.aborted) throw error;
  }
}

/** `cloud-nine-1  | 2026-11-21T12:00:00.123456789Z {"level":30,…}`; undefined for anything else. */
export function parseComposeLine(line: string): LogLine | undefined {
  const [, service, at, text] = /^(\S+?)-\d+\s+\| (\d{4}-\S+Z) (.*)$/.exec(line) ?? [];
  if (service === undefined || at === undefined || !text?.trim()) return undefined;
  return parseLogLine(componentName({ service }), text, Date.parse(at));
}
