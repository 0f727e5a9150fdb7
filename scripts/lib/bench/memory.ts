import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { baseEnvironment, type Programs } from '../component.ts';
import { VerbError } from '../errors.ts';
import { NETWORK_COLLECTORS } from '../networkComponents.ts';
import { preparePrograms } from '../programs.ts';
import { startBareThirdParty } from './bareThirdParty.ts';
import { alternate, type Bench, type BenchContext } from './bench.ts';
import { type Memory, memoryOfGroups } from './processMemory.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

/** Long enough for heaps to have found their size under the background traffic. */
const RUN_FOR_MS = 60_000;
const THIRD_PARTY: readonly string[] = ['collector', ...NETWORK_COLLECTORS, 'prometheus'];

/** All resident memory of a running playground. */
export const MEMORY: Bench = {
  summary: `resident memory after ${RUN_FOR_MS / 1000} s of background traffic, all processes: sums of RSS and of PSS`,
  baseline: 'as many idle Node processes, and an idle collector and Prometheus, after the same time',
  defaultRounds: 1,
  async run(context) {
    if (process.platform !== 'linux') throw new VerbError('bench memory reads /proc, which only Linux has');
    const programs = await preparePrograms('viewer', '', context);
    // The first round tells it; ours is always the first.
    let nodeProcesses = 0;
    const { ours, baseline } = await alternate(
      context,
      async () => {
        const { memory, names } = await wholePlayground(context);
        nodeProcesses = names.filter((name) => !THIRD_PARTY.includes(name)).length;
        return memory;
      },
      () => idlePrograms(nodeProcesses, programs, context),
    );
    const megabytes = (key: keyof Memory) => ({
      unit: 'MB' as const,
      ours: ours.map((memory) => memory[key] / 1e6),
      baseline: baseline.map((memory) => memory[key] / 1e6),
    });
    return [
      { name: 'memory RSS', goal: 600, ...megabytes('rssBytes') },
      { name: 'memory PSS', ...megabytes('pssBytes') },
    ];
  },
};

function wholePlayground(context: BenchContext): Promise<{ memory: Memory; names: string[] }> {
  return withTemporaryPlayground(context, async (playground) => {
    await playground.verb('up');
    const { components } = playground.describe().run!;
    await delay(RUN_FOR_MS, undefined, { signal: context.signal });
    return {
      memory: memoryOfGroups(components.map(({ pid }) => pid)),
      names: components.map(({ name }) => name),
    };
  });
}

function idlePrograms(nodeProcesses: number, programs: Programs, context: BenchContext): Promise<Memory> {
  return withTemporaryPlayground(context, async ({ settings }) => {
    const idle: ChildProcess[] = [];
    try {
      for (let i = 0; i < nodeProcesses; i++) {
        const options = { env: baseEnvironment(), detached: true, stdio: 'ignore' } as const;
        idle.push(spawn(programs.node, ['--eval', 'setInterval(() => {}, 2 ** 30)'], options));
      }
      const thirdParty = await startBareThirdParty(settings, programs, context);
      await delay(RUN_FOR_MS, undefined, { signal: context.signal });
      return memoryOfGroups([...idle, ...thirdParty].map(({ pid }) => pid!));
    } finally {
      for (const child of idle) child.kill('SIGKILL');
    }
  });
}
