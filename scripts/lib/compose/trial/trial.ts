import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Check, CheckContext, CheckResult } from '../../checks/check.ts';
import { messageOf } from '../../errors.ts';
import { freePorts } from '../../freePorts.ts';
import type { Settings } from '../../settings.ts';
import { createProgress } from '../../tools/progress.ts';
import { imagesOf, readConfig } from '../config.ts';
import { composeProject, type Project, projectName } from '../project.ts';
import { ensureImages, type Images, releaseNames } from '../standIns/standIns.ts';
import { troubleOf } from '../trouble.ts';
import { ensureEngine, type TrialEngine } from './engine.ts';
import { GRAFANA_STEPS } from './grafana.ts';
import { STEPS } from './steps.ts';
import { TROUBLES } from './troubles.ts';

export interface Trial {
  project: Project;
  settings: Settings;
  /** In which verbs find the trial's playground and engine. */
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  note: (line: string) => void;
}

export interface Step {
  name: string;
  run(trial: Trial): Promise<void>;
}

/**
 * The unmodified docker-compose.yml on an engine, with the built-in dashboard server in Grafana's place: up, used,
 * killed container by container, down. What belonged to the engine before stays as it was.
 */
export const COMPOSE_TRIAL: Check = {
  name: 'compose for real',
  async run(context) {
    const progress = createProgress({ say: context.say, terminal: undefined });
    const environment = { ...context, progress };
    const engine = await ensureEngine(environment).catch((error: unknown) => messageOf(error));
    if (typeof engine === 'string') return failure(`no engine: ${engine}`);
    try {
      return await onEngine(engine, environment);
    } finally {
      await engine.stop();
    }
  },
};

async function onEngine(
  { engine, env: engineEnv, description }: TrialEngine,
  context: CheckContext & { progress: ReturnType<typeof createProgress> },
): Promise<CheckResult> {
  const { say, signal, progress } = context;
  const home = await mkdtemp(path.join(tmpdir(), 'playground-compose-'));
  const settings = { home, ...(await freePorts()) };
  const env = { ...engineEnv, PLAYGROUND_HOME: home, PLAYGROUND_PORT_OFFSET: String(settings.portOffset) };
  const project = composeProject(engine, settings, env);
  const choice = { hops: 1, dashboards: 'viewer', network: { core: false, livenet: [] } } as const;
  const images = [choice, { ...choice, dashboards: 'grafana' as const }].map(async (one) =>
    imagesOf(await readConfig(project, one)),
  );
  const wanted = [...new Set((await Promise.all(images)).flat())];
  const found = await ensureImages(engine, wanted, { ...context, env });
  say(`on ${description}; ${origins(found)}`);
  try {
    await progress.step('building our images', async () => {
      const { exitCode, stderr } = await project.compose(['build', '--quiet'], { choice });
      if (exitCode !== 0) throw troubleOf('building our images', stderr);
    });
    const trial = { project, settings, env, signal, note: (line: string) => say(`    ${line}`) };
    const steps = [...TROUBLES, ...STEPS, ...(found.missing.length === 0 ? GRAFANA_STEPS : [])];
    return await runSteps(steps, trial, say);
  } catch (error) {
    signal.throwIfAborted();
    return failure(messageOf(error));
  } finally {
    // Whatever broke, and also when it was interrupted.
    const quietly = { signal: undefined };
    await project.compose(['down', '--volumes', '--remove-orphans', '--timeout', '2'], quietly);
    const ours = ['app', 'viewer'].map((name) => `${projectName(settings, env)}-${name}:local`);
    await engine.docker(['image', 'rm', '--no-prune', ...ours], quietly);
    await releaseNames(engine, found);
    await rm(home, { recursive: true, force: true });
  }
}

/** The first failed step ends it: those after it would only fail for the same reason. */
async function runSteps(
  steps: readonly Step[],
  trial: Trial,
  say: (line: string) => void,
): Promise<CheckResult> {
  for (const [index, step] of steps.entries()) {
    say(`  ${step.name}`);
    try {
      await step.run(trial);
    } catch (error) {
      trial.signal.throwIfAborted();
      const notTried = steps.length - index - 1;
      const rest = notTried > 0 ? `\n${notTried} further steps were not tried` : '';
      return { passed: index, failed: 1 + notTried, output: `${step.name}:\n${messageOf(error)}${rest}` };
    }
  }
  return { passed: steps.length, failed: 0, output: '' };
}

function origins({ real, standIns, missing }: Images): string {
  const parts = [
    ...(real.length > 0 ? [`official images: ${real.join(', ')}`] : []),
    ...(standIns.length > 0 ? [`stand-ins for ${standIns.join(', ')}`] : []),
    ...(missing.length > 0 ? [`not tried, because it cannot be pulled: ${missing.join(', ')}`] : []),
  ];
  return parts.join('; ');
}

function failure(output: string): CheckResult {
  return { passed: 0, failed: 1, output };
}
