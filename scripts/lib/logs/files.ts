import path from 'node:path';
import type { LogLine } from './logLine.ts';
import { createLogReader } from './merge.ts';
import type { PaymentLines } from './payment.ts';

export interface LogSource {
  /** The newest lines, in the order of time. */
  newest(most: number): LogLine[];
  /** What has come since. */
  more(): LogLine[];
}

/** The logs of components that run without containers. */
export function openLogs(home: string, components: readonly string[], payment?: PaymentLines): LogSource {
  const files = components.map((component) => ({
    component,
    file: path.join(home, 'logs', `${component}.log`),
  }));
  if (payment) return paymentSource(files, payment);
  const reader = createLogReader(files);
  return { newest: (most) => newestOf(reader.read(), most), more: reader.read };
}

/** Its lines may be anywhere, also in the log that was put aside; which ones they are, later lines may tell. */
function paymentSource(files: Parameters<typeof createLogReader>[0], payment: PaymentLines): LogSource {
  const aside = files.map(({ component, file }) => ({ component, file: `${file}.1` }));
  const all = [...aside, ...files];
  for (const lines of parts(createLogReader(all, { whole: true }))) payment.learn(lines);
  const reader = createLogReader(all, { whole: true });
  return {
    newest(most) {
      let picked: LogLine[] = [];
      for (const lines of parts(reader))
        picked = newestOf(inOrder([...picked, ...payment.pick(lines)]), most);
      return picked;
    },
    more: () => payment.pick(reader.read()),
  };
}

function* parts(reader: ReturnType<typeof createLogReader>): Generator<LogLine[]> {
  for (let lines = reader.read(); lines.length > 0; lines = reader.read()) yield lines;
}

const inOrder = (lines: LogLine[]): LogLine[] => lines.sort((a, b) => a.timeMs - b.timeMs);
const newestOf = (lines: LogLine[], most: number): LogLine[] => (most === 0 ? [] : lines.slice(-most));
