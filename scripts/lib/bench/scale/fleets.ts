import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ExportCounts } from './exportTally.ts';
import type { FleetOrder, FleetReport, Path } from './fleet.ts';
import type { FleetMessage } from './fleetProcess.ts';

/** More in one process would make its garbage collections a part of what is measured. */
const ASES_PER_PROCESS = 250;
const HEAP_MIB = 2048;
const ANSWER_WITHIN_MS = 20_000;

/** All simulated ASEs of a step, in as few processes as can be. */
export interface Fleets {
  pids: number[];
  report(): Promise<FleetReport>;
  stop(): void;
}

/** How many ASEs each process has: all of them the same, give or take one. */
export function splitAses(ases: number): number[] {
  const processes = Math.ceil(ases / ASES_PER_PROCESS);
  return Array.from({ length: processes }, (_, i) => Math.floor((ases + i) / processes));
}

export function startFleets(order: Omit<FleetOrder, 'first'>): Fleets {
  let first = 1;
  const children = splitAses(order.ases).map((ases) => {
    const child = start({ ...order, first, ases });
    first += ases;
    return child;
  });
  return {
    pids: children.map(({ pid }) => pid!),
    report: async () => mergeReports(await Promise.all(children.map(ask))),
    stop: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

function start(order: FleetOrder): ChildProcess {
  const child = fork(path.join(import.meta.dirname, 'fleetProcess.ts'), {
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    // Gauges may be infinite, which JSON cannot say.
    serialization: 'advanced',
  });
  child.send(order satisfies FleetMessage);
  return child;
}

async function ask(child: ChildProcess): Promise<FleetReport> {
  if (!child.connected) throw new Error('a process of simulated ASEs has ended');
  child.send('report' satisfies FleetMessage);
  const enough = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const [report] = await once(child, 'message', { signal: enough }).catch((error) => {
    if (!enough.aborted) throw error;
    throw new Error(`a process of simulated ASEs said nothing for ${ANSWER_WITHIN_MS / 1000} s`);
  });
  return report;
}

/** Totals are added; of waits and delays the worst process tells. */
export function mergeReports(reports: readonly FleetReport[]): FleetReport {
  const paths = Object.keys(reports[0]?.counts ?? {}) as Path[];
  return {
    counts: Object.fromEntries(
      paths.map((path) => [path, mergeCounts(reports.flatMap(({ counts }) => counts[path] ?? []))]),
    ),
    eventLoopDelayP99Ms: Math.max(...reports.map(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms)),
  };
}

function mergeCounts(all: readonly ExportCounts[]): ExportCounts {
  const sum = (pick: (counts: ExportCounts) => number) => all.reduce((total, each) => total + pick(each), 0);
  return {
    ases: sum(({ ases }) => ases),
    begun: sum(({ begun }) => begun),
    taken: sum(({ taken }) => taken),
    failed: sum(({ failed }) => failed),
    samples: sum(({ samples }) => samples),
    waitMs: {
      p50: Math.max(...all.map(({ waitMs }) => waitMs.p50)),
      p95: Math.max(...all.map(({ waitMs }) => waitMs.p95)),
    },
    trouble: all.find(({ trouble }) => trouble !== null)?.trouble ?? null,
  };
}
