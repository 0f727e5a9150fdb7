import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { OPERATOR_SERVICE_NAME } from '../../../telemetry/catalogue.ts';
import type { Ase } from '../topology.ts';
import { counters, increments } from './counters.ts';
import { type PastPayment, STEP_MS } from './plan.ts';

/** The text is written in pieces of about so many characters. */
const PIECE = 1 << 20;

/**
 * Writes what Prometheus would have stored of some ASEs' counters: a sample of each every STEP_MS, from a zero at
 * `fromMs` to the totals at `untilMs`.
 * @returns how many samples there are
 */
export async function writeOpenMetrics(
  file: string,
  ases: readonly Ase[],
  payments: readonly PastPayment[],
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): Promise<number> {
  const output = createWriteStream(file);
  let piece = '';
  let samples = 0;
  const write = async (text: string) => {
    piece += text;
    if (piece.length < PIECE) return;
    if (!output.write(piece)) await once(output, 'drain');
    piece = '';
  };
  // One metric after the other, as OpenMetrics wants it: first all sums, then the text.
  const known = ases.map((ase) => ({
    ase,
    counters: counters(ase),
    columns: columnsOf(ase, payments, { fromMs, untilMs }),
  }));
  const names = [...new Set(known.flatMap(({ counters }) => counters.map(({ quantity }) => quantity)))];
  for (const name of names) {
    await write(`# TYPE ${name.replace(/_total$/, '')} counter\n`);
    for (const { ase, counters, columns } of known) {
      for (const [i, { quantity, labels }] of counters.entries()) {
        if (quantity !== name) continue;
        const series = seriesOf(name, { job: OPERATOR_SERVICE_NAME, instance: ase.name, ...labels });
        for (const [step, value] of columns[i]!.entries()) {
          await write(`${series} ${value} ${(fromMs + step * STEP_MS) / 1000}\n`);
          samples++;
        }
      }
    }
  }
  await write('# EOF\n');
  output.end(piece);
  await once(output, 'finish');
  return samples;
}

/** For each counter its value at each step. */
function columnsOf(
  ase: Ase,
  payments: readonly PastPayment[],
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): Float64Array[] {
  const steps = Math.round((untilMs - fromMs) / STEP_MS) + 1;
  const columns = counters(ase).map(() => new Float64Array(steps));
  for (const payment of payments) {
    const step = Math.ceil((payment.atMs - fromMs) / STEP_MS);
    for (const [i, by] of increments(ase, payment).entries()) columns[i]![step]! += Number(by);
  }
  for (const column of columns) {
    for (let step = 1; step < steps; step++) column[step]! += column[step - 1]!;
  }
  return columns;
}

function seriesOf(name: string, labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${pairs.join(',')}}`;
}
