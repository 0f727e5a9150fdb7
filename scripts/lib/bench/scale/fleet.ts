import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../../../../apps/traffic/src/orders.ts';
import type { AseTemplate } from './aseTemplate.ts';
import { type ExportCounts, ExportTally } from './exportTally.ts';
import { type SimulatedAse, startNetworkAse, startOperatorAse } from './simulatedAse.ts';

/** The two ways that telemetry goes. */
export const PATHS = ['operator', 'network'] as const;
export type Path = (typeof PATHS)[number];

/** Many simulated ASEs in one process. */
export interface FleetOrder {
  /** The ASEs are numbered over all fleets, so that each has a name of its own. */
  first: number;
  ases: number;
  intervalMs: number;
  /** Where each ASE sends to: those of a path get every so manieth ASE, as behind a balancer. */
  endpoints: Partial<Record<Path, readonly string[]>>;
  template: AseTemplate;
}

export interface FleetReport {
  counts: Partial<Record<Path, ExportCounts>>;
  /** Since the last look: how long the process kept its timers waiting, 99th percentile. */
  eventLoopDelayP99Ms: number;
}

export interface Fleet {
  report(): FleetReport;
  stop(): Promise<void>;
}

export function aseName(index: number): string {
  return `simulated-${String(index).padStart(4, '0')}`;
}

const DELAY_RESOLUTION_MS = 10;

/** Starts the ASEs one after the other over one interval, as they would have been started at any time. */
export function startFleet({ first, ases: count, intervalMs, endpoints, template }: FleetOrder): Fleet {
  const tallies = new Map(PATHS.filter((path) => endpoints[path]).map((path) => [path, new ExportTally()]));
  const ases: SimulatedAse[] = [];
  const stopped = new AbortController();
  const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delays.enable();

  function startAse(index: number): void {
    for (const [path, tally] of tallies) {
      const choices = endpoints[path]!;
      const endpoint = choices[index % choices.length]!;
      const options = { name: aseName(index), endpoint, intervalMs, tally, random: createRandom(index) };
      const ase = path === 'operator' ? startOperatorAse({ ...options, template }) : startNetworkAse(options);
      void ase.exportNow();
      ases.push(ase);
    }
  }

  async function startAll(): Promise<void> {
    const startedAtMs = performance.now();
    for (let i = 0; i < count; i++) {
      const dueAtMs = startedAtMs + (i / count) * intervalMs;
      await delay(Math.max(0, dueAtMs - performance.now()), undefined, { signal: stopped.signal });
      startAse(first + i);
    }
  }
  startAll().catch((error) => {
    if (!stopped.signal.aborted) throw error;
  });

  return {
    report() {
      const p99Ms = Math.max(0, delays.percentile(99) / 1e6 - DELAY_RESOLUTION_MS);
      delays.reset();
      const counts = Object.fromEntries([...tallies].map(([path, tally]) => [path, tally.look()]));
      return { counts, eventLoopDelayP99Ms: p99Ms };
    },
    async stop() {
      stopped.abort();
      delays.disable();
      await Promise.all(ases.map((ase) => ase.stop()));
    },
  };
}
