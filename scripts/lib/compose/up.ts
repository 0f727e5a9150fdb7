import { setTimeout as delay } from 'node:timers/promises';
import { writeComposeRules } from '../alerting/files.ts';
import { VerbError } from '../errors.ts';
import { networkComponentNames } from '../networkComponents.ts';
import { LOOPBACK, type Settings } from '../settings.ts';
import { requireFreePorts } from '../start.ts';
import { plural } from '../text.ts';
import { createProgress } from '../tools/progress.ts';
import { bindSources, type ComposeConfig, imagesOf, readConfig, type ServiceConfig } from './config.ts';
import { ailmentOf, type Container, lastContainerLines, listContainers } from './containers.ts';
import { type Engine, findEngine } from './engine.ts';
import { pullMissing } from './images.ts';
import { type Choice, composeProject, isThisCheckout, type Project } from './project.ts';
import { unreadableForOthers } from './readable.ts';
import { isAlive } from './running.ts';
import { componentName } from './status.ts';
import { troubleOf } from './trouble.ts';

export interface ComposeUp extends Choice {
  traffic: boolean;
}

interface Context {
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Compose gives up by itself after this; the gate inside does so a little sooner, with a reason. */
const WAIT_SECONDS = 120;
const WATCH_MS = 1000;
/** The first restart may be bad luck, such as a killed process; the second one is a habit. */
const LOOP_RESTARTS = 2;
const SHOWN_LINES = 8;

/**
 * Starts what does not run yet, and returns when numbers arrive in Prometheus. Nothing has been started when the
 * engine, an image or a port is missing; what was started is taken down again when a later step fails.
 * @returns the names of the started components, and the seconds from the first container's start to the first data
 */
export async function composeUp(
  settings: Settings,
  wanted: ComposeUp,
  context: Context,
): Promise<{ started: string[]; seconds: number }> {
  const { say, signal } = context;
  const engine = await findEngine({ signal });
  const project = composeProject(engine, settings);
  const before = await listContainers(engine, project.name);
  requireThisCheckout(project, before);

  await writeComposeRules(settings);
  const config = await readConfig(project, wanted);
  const alive = before.filter((container) => isAlive(container) && ailmentOf(container) === undefined);
  const missing = Object.entries(config.services).filter(
    ([service, { restart }]) =>
      restart !== 'no' &&
      !leftOut(wanted).includes(service) &&
      !alive.some((container) => container.service === service),
  );
  if (missing.length === 0) return { started: [], seconds: 0 };
  const closed = missing.filter(
    ([service]) => !before.some((container) => container.service === service && isAlive(container)),
  );
  await requireFree(engine, closed);

  requireReadable(config);

  const progress = createProgress({ say, terminal: process.stderr.isTTY ? process.stderr : undefined });
  await pullMissing(engine, imagesOf(config), progress);
  await progress.step('building our images', async () => {
    const built = await project.compose(['build', '--quiet'], { choice: wanted });
    if (built.exitCode !== 0) throw troubleOf('building our images', built.stderr);
  });
  const startedAtMs = Date.now();
  try {
    await progress.step('starting the containers', () => startContainers(project, wanted, signal));
  } catch (error) {
    if (!before.some(isAlive)) {
      say('taking down what was started');
      await project.compose(['down', '--remove-orphans', '--timeout', '5'], { signal: undefined });
    }
    throw error;
  }
  return {
    started: missing.map(([service]) => componentName({ service })),
    seconds: (Date.now() - startedAtMs) / 1000,
  };
}

/** Services that compose would start, and that nobody wants now. */
function leftOut({ traffic, network }: ComposeUp): string[] {
  return [
    ...(traffic ? [] : ['traffic']),
    ...(network.core
      ? [...networkComponentNames('testnet'), 'usage', 'jaeger', 'alertmanager', 'alert-sink']
      : []),
  ];
}

/** Says before anything starts which ports are taken, and by which container or process. */
async function requireFree(
  engine: Engine,
  services: readonly (readonly [string, ServiceConfig])[],
): Promise<void> {
  const listens = services.flatMap(([name, { ports }]) =>
    ports.map(({ host_ip, published }) => ({ name, host: host_ip ?? LOOPBACK, port: published })),
  );
  const taken = await Promise.all(
    listens.map(async ({ name, port }) => {
      const holder = await engine.docker(['ps', '--filter', `publish=${port}`, '--format', '{{.Names}}']);
      const container = holder.stdout.trim();
      return container === '' ? [] : [`port ${port} (${name}) is taken by the container ${container}`];
    }),
  );
  const problems = taken.flat();
  if (problems.length > 0) {
    throw new VerbError(`nothing was started: ${plural(problems.length, 'port')} taken`, [
      ...problems,
      'stop those, or set other ports in .env, or PLAYGROUND_PORT_OFFSET=50 to move them all',
    ]);
  }
  await requireFreePorts(listens.map(({ name, host, port }) => ({ name, listens: [{ host, port }] })));
}

/** Docker Desktop shares files without their modes; on Linux the containers' users have to be let in. */
function requireReadable(config: ComposeConfig): void {
  const closed = process.platform === 'linux' ? unreadableForOthers(bindSources(config)) : [];
  if (closed.length === 0) return;
  throw new VerbError(`containers may not read ${plural(closed.length, 'file')} of this folder`, [
    ...closed.slice(0, SHOWN_LINES),
    'chmod -R go+rX collector deploy grafana prometheus lets them (git keeps no modes but those of your umask)',
  ]);
}

/** Compose would make the other folder's containers its own, and recreate them. */
function requireThisCheckout({ name }: Project, containers: readonly Container[]): void {
  const foreign = containers.find(({ folder }) => !isThisCheckout(folder));
  if (!foreign) return;
  throw new VerbError(`there is another compose project named ${name}, from ${foreign.folder}`, [
    `docker compose down in that folder ends it; PLAYGROUND_PORT_OFFSET=50 or COMPOSE_PROJECT_NAME makes this one another`,
  ]);
}

/** Compose itself waits for health without a word on what is wrong; the watch beside it says so, and at once. */
async function startContainers(project: Project, wanted: ComposeUp, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const words = ['up', '--detach', '--no-build', '--wait', '--wait-timeout', String(WAIT_SECONDS)];
  const scale = leftOut(wanted).flatMap((service) => ['--scale', `${service}=0`]);
  const watch = watchForLoops(project.engine, project.name, over.signal);
  watch.catch((reason) => over.abort(reason));
  try {
    const up = await project.compose([...words, ...scale], {
      choice: wanted,
      signal: AbortSignal.any([signal, over.signal]),
    });
    if (up.exitCode === 0) return;
    throw (await firstAiling(project, up.stderr)) ?? troubleOf('starting the containers', up.stderr);
  } finally {
    over.abort();
    await watch.catch(() => {});
  }
}

async function watchForLoops(engine: Engine, project: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(WATCH_MS, undefined, { signal }).catch(() => {});
    const containers = signal.aborted ? [] : await listContainers(engine, project).catch(() => []);
    const looping = containers.find(
      (container) => container.restarts >= LOOP_RESTARTS && ailmentOf(container) !== undefined,
    );
    if (looping) throw await ailing(engine, looping);
  }
}

/** The container that compose blames, else the one that the others wait for in vain: a failed one-shot comes first. */
async function firstAiling({ engine, name }: Project, stderr: string): Promise<VerbError | undefined> {
  const containers = await listContainers(engine, name);
  const [, blamed, blame] = /container (\S+) (is unhealthy|exited \(\d+\))/.exec(stderr) ?? [];
  const culprit = containers.find((container) => container.name === blamed);
  if (culprit) return ailing(engine, culprit, blame);
  const candidates = containers.filter(
    (container) => container.status !== 'created' && ailmentOf(container) !== undefined,
  );
  const first = candidates.find(({ oneShot }) => oneShot) ?? candidates[0];
  return first && (await ailing(engine, first));
}

async function ailing(engine: Engine, container: Container, blame = 'ails'): Promise<VerbError> {
  return new VerbError(
    `${container.service} ${ailmentOf(container) ?? blame}; its last lines:`,
    await lastContainerLines(engine, container.id, SHOWN_LINES),
  );
}
