import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { NETWORK_CONFIGS, OPERATOR_CONFIG, REPLICAS } from '../../../../collector/command.ts';
import { reachedAt } from './fit.ts';
import type { Path } from './fleet.ts';
import type { Growth, Growths } from './growth.ts';
import type { ScaleRow } from './scaleRow.ts';

/** A machine that does nothing but run one Prometheus. */
export interface Machine {
  cores: number;
  memoryGib: number;
}

export const MACHINES: readonly Machine[] = [
  { cores: 2, memoryGib: 8 },
  { cores: 4, memoryGib: 16 },
  { cores: 8, memoryGib: 32 },
  { cores: 16, memoryGib: 64 },
  { cores: 32, memoryGib: 128 },
];
/** How often an ASE at work exports. */
export const WORK_INTERVAL_SECONDS = 15;

/**
 * What is left free: half of memory for queries, compaction and a restart that replays the log, and half of the
 * processors for queries and rules over more than minutes.
 */
const USABLE = 0.5;
const GIB = 2 ** 30;
/**
 * A measured head is minutes old; one at work holds up to three hours before it is compacted: of each sample 1 to 2 bytes
 * (docs of Prometheus), here 1.5, which the kernel keeps in memory as long as there is room.
 */
const HEAD_SECONDS = 3 * 3600;
const BYTES_PER_SAMPLE = 1.5;

/** Where one Prometheus on a machine ends. */
export interface End {
  machine: Machine;
  /** Series that memory is good for, with three hours of samples of each. */
  series: number;
  samplesPerSecond: number;
  /** What ends it first when every series has a sample each 15 s. */
  endedBy: 'memory' | 'processors';
  /** ASEs that send everything to it, and ASEs that send only what is for their network. */
  ases: number;
  networkAses: number;
}

/** Series that one ASE adds: all, and those for its network. */
export interface SeriesPerAse {
  operator: number;
  network: number;
}

/** From the newest step that had both paths; undefined without one. */
export function seriesPerAse(rows: readonly ScaleRow[]): SeriesPerAse | undefined {
  return rows
    .flatMap(({ figures }) => {
      const { operator, network } = figures?.paths ?? {};
      if (!operator || !network) return [];
      return [{ operator: operator.samplesPerExport, network: network.samplesPerExport }];
    })
    .at(-1);
}

/** Where one Prometheus ends, by the measured growth; nothing where that is not known. */
export function endsOf(growths: Growths, perAse: SeriesPerAse): End[] {
  const { prometheusMb, prometheusCores } = growths;
  if (!prometheusMb || !prometheusCores) return [];
  return MACHINES.map((machine) => endOf(machine, prometheusMb, prometheusCores, perAse));
}

function endOf(machine: Machine, memory: Growth, cores: Growth, perAse: SeriesPerAse): End {
  // MB a thousand series, as the measured growth has it.
  const headMb = ((HEAD_SECONDS / WORK_INTERVAL_SECONDS) * BYTES_PER_SAMPLE) / 1e3;
  const withHead = { ...memory.fit, b: memory.fit.b + headMb };
  const series = Math.floor(1e3 * reachedAt(withHead, (machine.memoryGib * GIB * USABLE) / 1e6));
  const samplesPerSecond = Math.floor(1e3 * reachedAt(cores.fit, machine.cores * USABLE));
  const byProcessors = samplesPerSecond * WORK_INTERVAL_SECONDS;
  const carried = Math.min(series, byProcessors);
  return {
    machine,
    series,
    samplesPerSecond,
    endedBy: series <= byProcessors ? 'memory' : 'processors',
    ases: Math.floor(carried / (perAse.operator + perAse.network)),
    networkAses: Math.floor(carried / perAse.network),
  };
}

/** Series at which the collectors of a path, as they are shipped, begin to refuse; undefined where the growth is not known. */
export function shippedEnd(growths: Growths, path: Path): number | undefined {
  const growth = path === 'operator' ? growths.operatorHeapMb : growths.networkHeapMb;
  if (!growth) return undefined;
  const limitBytes =
    path === 'operator'
      ? softLimitBytes(OPERATOR_CONFIG)
      : softLimitBytes(NETWORK_CONFIGS.testnet[0]) * REPLICAS.length;
  return Math.floor(1e3 * reachedAt(growth.fit, limitBytes / 1e6));
}

/** The heap above which a collector's memory limiter says no: its limit less what it keeps for spikes. */
export function softLimitBytes(configFile: string): number {
  const { processors } = parse(readFileSync(configFile, 'utf8')) as {
    processors: { memory_limiter: { limit_mib: number; spike_limit_mib: number } };
  };
  const { limit_mib, spike_limit_mib } = processors.memory_limiter;
  return (limit_mib - spike_limit_mib) * 2 ** 20;
}
