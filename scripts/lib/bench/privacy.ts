import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { MECHANISMS, type MechanismName } from '../../../apps/ase/src/telemetry/privacy/mechanism.ts';
import type { BenchContext, RowsBench } from './bench.ts';
import { withGenerated } from './markedTable.ts';
import { type Round, type Row, rowOf, simulate } from './privacySimulation.ts';
import { pageTable, textTable } from './privacyTable.ts';
import { packetsPerRound, WORKLOADS, type Workload } from './privacyWorkloads.ts';

/** As an ASE has it when nobody sets another. */
const EPSILON = 1;
/** Of 10 000 packets each: chance then moves the noisiest row by 0.3 %, and it takes less than a minute. */
const ROUNDS = 400;
/** How many times as many packets a mechanism needs whose noise is fixed beforehand. */
const NOISIER = 10;
const NOISY: readonly MechanismName[] = ['unbiased', 'continual'];
const PAGE = path.join(import.meta.dirname, '../../../docs/privacy.md');

/** How far each mechanism's published total is from the truth, by simulation: the same rounds give the same table. */
export const PRIVACY: RowsBench = {
  summary: `bias of the published total for each privacy mechanism at ε ${EPSILON}, by simulated payments`,
  baseline: `the truth; with ${ROUNDS} rounds the table goes into docs/privacy.md`,
  defaultRounds: ROUNDS,
  async tabulate(context) {
    const rows: Row[] = [];
    for (const workload of WORKLOADS) {
      for (const mechanism of MECHANISMS) rows.push(await measure(mechanism, workload, context));
      context.say(`  ${workload.name}`);
    }
    if (context.rounds === ROUNDS) {
      writeFileSync(PAGE, withGenerated(readFileSync(PAGE, 'utf8'), 'bench privacy', pageTable(rows)));
      context.say('  written into docs/privacy.md');
    }
    return { report: { rows }, text: textTable(rows) };
  },
};

async function measure(
  mechanism: MechanismName,
  workload: Workload,
  { rounds, signal }: BenchContext,
): Promise<Row> {
  const share = (packetsPerRound(workload) / 10_000) * (NOISY.includes(mechanism) ? 1 : NOISIER);
  const results: Round[] = [];
  for (let round = 1; round <= Math.max(2, rounds / share); round++) {
    // So that Ctrl-C is heard.
    await setImmediate();
    signal.throwIfAborted();
    results.push(simulate(mechanism, EPSILON, workload, round));
  }
  return rowOf(mechanism, EPSILON, workload, results);
}
