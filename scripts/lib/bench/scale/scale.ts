import { statfs } from 'node:fs/promises';
import os from 'node:os';
import { get } from '../../http.ts';
import { preparePrograms } from '../../programs.ts';
import type { BenchContext, RowsBench } from '../bench.ts';
import { readSurroundings } from '../surroundings.ts';
import { withTemporaryPlayground } from '../temporaryPlayground.ts';
import { type AseTemplate, readAseTemplate } from './aseTemplate.ts';
import { keepScaleResult } from './results.ts';
import type { ScaleRow, ScaleStep } from './scaleRow.ts';
import { runStep } from './scaleStep.ts';
import { stepText, textTables } from './scaleTables.ts';

const BOTH = ['operator', 'network'] as const;
/** The playground's interval as far as the machine carries it, then that of an ASE at work. */
const STEPS: readonly ScaleStep[] = [
  { ases: 2, intervalSeconds: 1, paths: [...BOTH], limits: 'raised' },
  { ases: 10, intervalSeconds: 1, paths: [...BOTH], limits: 'raised' },
  { ases: 30, intervalSeconds: 1, paths: [...BOTH], limits: 'raised' },
  { ases: 100, intervalSeconds: 1, paths: [...BOTH], limits: 'raised' },
  { ases: 10, intervalSeconds: 15, paths: [...BOTH], limits: 'raised' },
  { ases: 100, intervalSeconds: 15, paths: [...BOTH], limits: 'raised' },
  { ases: 1000, intervalSeconds: 15, paths: [...BOTH], limits: 'raised' },
  { ases: 100, intervalSeconds: 15, paths: [...BOTH], limits: 'shipped' },
  { ases: 1000, intervalSeconds: 15, paths: ['network'], limits: 'shipped' },
];
/** Enough for every series that an ASE has in normal traffic. */
const PAYMENTS = 30;

/** How the telemetry of many ASEs weighs on collectors and Prometheus, and where it ends. */
export const SCALE: RowsBench = {
  summary:
    'the telemetry of 2 to 1000 simulated ASEs, by real exporters, in collectors and Prometheus: series, memory, processor, lag, time of each board',
  baseline: 'the smallest of them, which is the playground itself',
  defaultRounds: 1,
  async tabulate(context) {
    const surroundings = await readSurroundings(context.signal);
    const programs = await preparePrograms({ dashboards: 'viewer', core: false }, '', context);
    const template = await recordTemplate(context);
    const rows: ScaleRow[] = [];
    for (let round = 1; round <= context.rounds; round++) {
      for (const step of STEPS) {
        const row = await runStep(step, { template, programs, budget: await budgetOfMachine() }, context);
        context.say(`  ${stepText(step)}: ${row.bound ?? 'carried'}`);
        rows.push(row);
      }
    }
    if (context.write) keepScaleResult({ surroundings, rows });
    return { report: { rows }, text: textTables(rows) };
  },
};

/** The series of a real ASE that has made and taken payments. */
function recordTemplate(context: BenchContext): Promise<AseTemplate> {
  return withTemporaryPlayground(context, async (playground) => {
    await playground.verb('up', '--no-traffic');
    await playground.verb('seed', '--payments', String(PAYMENTS));
    const { ases } = playground.describe();
    const { body } = await get(`${ases[0]!.url}/metrics`, { timeoutMs: 5000 });
    return readAseTemplate(body);
  });
}

/** What may be taken of the machine: somebody else may be at work on it. */
async function budgetOfMachine() {
  const { bavail, bsize } = await statfs(os.tmpdir());
  return { rssBytes: 0.6 * os.freemem(), diskBytes: Math.min(8e9, (bavail * bsize) / 2) };
}
