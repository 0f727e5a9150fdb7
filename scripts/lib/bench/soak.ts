import { setTimeout as delay } from 'node:timers/promises';
import { VerbError } from '../errors.ts';
import type { Playground } from '../playground.ts';
import { type Memory, memoryOf } from '../processMemory.ts';
import type { RunningComponent } from '../state.ts';
import { ensureTools } from '../tools/ensure.ts';
import type { Bench, BenchContext, Measured } from './bench.ts';
import { type Edges, growthOf, type Sample } from './growth.ts';
import { loadAtRate } from './rateLoad.ts';
import { withTemporaryPlayground } from './temporaryPlayground.ts';

const MINUTES = 60;
const PAYMENTS_A_SECOND = 10;
const LOOK_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
const GROWTH_GOAL_PERCENT = 5;
const MEMORY_GOAL_MB = 600;
/** As the threshold of `load soak`. */
const FAILED_GOAL_PERCENT = 0.1;

/** Everything that is bounded stays bounded: memory is where it would show that something is not. */
export const SOAK: Bench = {
  summary: `memory of \`up --core\` under ${PAYMENTS_A_SECOND} payments a second, at the end; a round is a minute of it`,
  baseline: 'the same after the warm-up, which is a third of the time and ten minutes at most',
  defaultRounds: MINUTES,
  async run(context) {
    if (process.platform !== 'linux') throw new VerbError('bench soak reads /proc, which only Linux has');
    const { k6 } = await ensureTools(['k6'], context);
    return withTemporaryPlayground(context, async (playground) => {
      await playground.verb('up', '--core', '--no-traffic');
      const place = playground.describe();
      const ended = new AbortController();
      const watching = watchMemory(place.run!.components, context, ended.signal);
      let failed: Measured;
      try {
        failed = await load(place, k6, context);
      } finally {
        ended.abort();
      }
      return [...figuresOf(await watching, context.rounds * MINUTE_MS), failed];
    });
  },
};

type Looks = Map<string, { rss: Sample[]; pss: Sample[] }>;

/** A payment that fails ends the bench; a request may, on a machine that does other things too, and it is said how many. */
async function load(place: Playground, k6: string, { rounds, signal }: BenchContext): Promise<Measured> {
  const pace = { perSecond: PAYMENTS_A_SECOND, seconds: (rounds * MINUTE_MS) / 1000, seed: 1 };
  const { payments, requests } = await loadAtRate(pace, { k6, place, signal });
  if (payments.failed > 0) throw new VerbError(`${payments.failed} payments failed under the load`);
  return {
    name: `requests that failed, of ${requests.number}`,
    unit: 'percent',
    goal: FAILED_GOAL_PERCENT,
    ours: [(requests.failed / requests.number) * 100],
    baseline: [],
  };
}

/** Looks until `ended`, at every component by itself. */
async function watchMemory(
  components: readonly RunningComponent[],
  { say }: BenchContext,
  ended: AbortSignal,
): Promise<Looks> {
  const looks: Looks = new Map(components.map(({ name }) => [name, { rss: [], pss: [] }]));
  const startedAtMs = performance.now();
  for (let minute = 1; !ended.aborted; ) {
    const atMs = performance.now() - startedAtMs;
    const memories = components.map(({ name, pid }) => [name, memoryOf(pid)] as const);
    for (const [name, memory] of memories) {
      if (!memory) continue;
      looks.get(name)!.rss.push({ atMs, value: memory.rssBytes / 1e6 });
      looks.get(name)!.pss.push({ atMs, value: memory.pssBytes / 1e6 });
    }
    if (atMs >= minute * MINUTE_MS) {
      say(
        `  ${minute} min: ${Math.round(sumOf(memories.flatMap(([, memory]) => memory ?? [])) / 1e6)} MB as PSS`,
      );
      minute += 1;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal: ended }).catch(() => {});
  }
  return looks;
}

const sumOf = (memories: readonly Memory[]) => memories.reduce((sum, { pssBytes }) => sum + pssBytes, 0);

function figuresOf(looks: Looks, totalMs: number): Measured[] {
  const windows = { warmUpMs: Math.min(totalMs / 3, 10 * MINUTE_MS), windowMs: totalMs / 6 };
  const all = [...looks.values()];
  const rss = growthOf(added(all.map((look) => look.rss)), windows);
  const pss = growthOf(added(all.map((look) => look.pss)), windows);
  const megabytes = (name: string, { start, end }: Edges, goal?: number): Measured => ({
    name,
    unit: 'MB',
    ours: [end],
    baseline: [start],
    ...(goal !== undefined && { goal }),
  });
  const growth = (name: string, { growthPercent }: Edges): Measured => ({
    name,
    unit: 'percent',
    goal: GROWTH_GOAL_PERCENT,
    ours: [growthPercent],
    baseline: [],
  });
  return [
    growth(`growth of memory in ${totalMs / MINUTE_MS} min under load, PSS`, pss),
    growth('the same, sum of RSS', rss),
    megabytes('memory under load, core, PSS', pss, MEMORY_GOAL_MB),
    megabytes('memory under load, core, sum of RSS', rss),
    ...[...looks].map(([name, look]) => megabytes(`${name} under load, PSS`, growthOf(look.pss, windows))),
  ];
}

/** Of all components together, look by look. One that has died was not looked at to the end: then there is no sum. */
function added(parts: readonly Sample[][]): Sample[] {
  const [first = []] = parts;
  if (parts.some((part) => part.length !== first.length)) {
    throw new VerbError('a component has ended under the load');
  }
  return first.map(({ atMs }, i) => ({ atMs, value: parts.reduce((sum, part) => sum + part[i]!.value, 0) }));
}
