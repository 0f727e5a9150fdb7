import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { baseEnvironment, type Programs } from '../component.ts';
import { VerbError } from '../errors.ts';
import { NETWORK_COLLECTORS } from '../networkComponents.ts';
import { type Memory, memoryOfGroups } from '../processMemory.ts';
import { preparePrograms } from '../programs.ts';
import { startBareThirdParty } from './bareThirdParty.ts';
import { alternate, type Bench, type BenchContext } from './bench.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

/** Long enough for heaps to have found their size under the background traffic. */
const RUN_FOR_MS = 60_000;
const THIRD_PARTY: readonly string[] = ['collector', ...NETWORK_COLLECTORS, 'prometheus'];

interface Round {
  core: Memory;
  everything: Memory;
}

/** All resident memory of a running playground: of its core, the operator's path, and of everything. */
export const MEMORY: Bench = {
  summary: `resident memory after ${RUN_FOR_MS / 1000} s of background traffic, all processes: sums of RSS and of PSS, of \`up --core\` and of \`up\``,
  baseline:
    'for the core: as many idle Node processes, and an idle collector and Prometheus, after the same time',
  defaultRounds: 1,
  async run(context) {
    if (process.platform !== 'linux') throw new VerbError('bench memory reads /proc, which only Linux has');
    const programs = await preparePrograms({ dashboards: 'viewer', core: false }, '', context);
    // The first round tells it; ours is always the first.
    let nodeProcesses = 0;
    const { ours, baseline } = await alternate(
      context,
      async (): Promise<Round> => {
        const { memory, names } = await playgroundMemory(['--core'], context);
        nodeProcesses = names.filter((name) => !THIRD_PARTY.includes(name)).length;
        return { core: memory, everything: (await playgroundMemory([], context)).memory };
      },
      () => idlePrograms(nodeProcesses, programs, context),
    );
    const megabytes = (key: keyof Memory, of: keyof Round) => ({
      unit: 'MB' as const,
      ours: ours.map((round) => round[of][key] / 1e6),
      baseline: of === 'core' ? baseline.map((memory) => memory[key] / 1e6) : [],
    });
    return [
      { name: 'resident memory, core, sum of RSS', goal: 600, ...megabytes('rssBytes', 'core') },
      { name: 'resident memory, core, PSS', goal: 600, ...megabytes('pssBytes', 'core') },
      { name: 'resident memory, everything, sum of RSS', goal: 900, ...megabytes('rssBytes', 'everything') },
      { name: 'resident memory, everything, PSS', goal: 900, ...megabytes('pssBytes', 'everything') },
    ];
  },
};

function playgroundMemory(
  words: readonly string[],
  context: BenchContext,
): Promise<{ memory: Memory; names: string[] }> {
  return withTemporaryPlayground(context, async (playground) => {
    await playground.verb('up', ...words);
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
