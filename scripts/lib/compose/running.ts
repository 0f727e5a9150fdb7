import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { NetworkPlan } from '../component.ts';
import { messageOf } from '../errors.ts';
import type { Answer, Health } from '../http.ts';
import { NETWORK_COLLECTORS } from '../networkComponents.ts';
import { LOOPBACK, loadSettings, type Settings } from '../settings.ts';
import { ASE_NAMES, type Hops } from '../topology.ts';
import { capture } from './capture.ts';
import { ailmentOf, type Container, listContainers } from './containers.ts';
import type { Docker } from './engine.ts';
import { getInside, INSIDE } from './inside.ts';
import { isThisCheckout, projectName } from './project.ts';

/** A playground in containers, as the engine tells of it: nothing about it is remembered elsewhere. */
export interface ComposeRun {
  docker: Docker;
  project: string;
  containers: Container[];
  hops: Hops;
  network: NetworkPlan;
  dashboards: 'grafana' | 'viewer';
}

/** A stopped engine answers at once that it is not there, a hanging one must not hang every verb. */
const LOOK_TIMEOUT_MS = 5000;
const PROBE_TIMEOUT_MS = 2000;
/** The port of each service inside its container, for those that are published. */
const PORTS_INSIDE: Record<string, number> = {
  'cloud-nine': 14100,
  'happy-life': 14200,
  'global-bank': 14300,
  prometheus: 9090,
  alertmanager: 9093,
  'alert-sink': 19094,
  jaeger: 26686,
  grafana: 3000,
  viewer: 13000,
  'testnet-balancer': 24317,
  'livenet-balancer': 24317,
};
/** Health that no check of its own tells: the collector's image has nothing to make one with. */
const HEALTH_INSIDE: Record<string, string> = {
  collector: `${INSIDE}//collector:23133/`,
  ...Object.fromEntries(NETWORK_COLLECTORS.map((service) => [service, `${INSIDE}//${service}:24133/`])),
};

/** The compose project of this checkout and these settings if any of it runs; whoever started it. */
export async function findComposeRun(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ComposeRun | undefined> {
  const found = await findComposeProject(settings, env);
  return found?.containers.some(isAlive) ? found : undefined;
}

/** As findComposeRun, but what has ended counts too. */
export async function findComposeProject(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ComposeRun | undefined> {
  if (!isOnPath('docker', env)) return undefined;
  const docker: Docker = {
    docker: (words, options) =>
      capture(['docker', ...words], { env, timeoutMs: LOOK_TIMEOUT_MS, ...options }),
  };
  const project = projectName(settings, env);
  const all = await listContainers(docker, project).catch(() => []);
  const containers = all.filter(({ folder }) => isThisCheckout(folder));
  if (containers.length === 0) return undefined;
  const has = (service: string) => containers.some((one) => one.service === service && isAlive(one));
  return {
    docker,
    project,
    containers,
    hops: has('global-bank') ? 2 : 1,
    network: networkPlanOf(containers),
    dashboards: has('viewer') ? 'viewer' : 'grafana',
  };
}

/** From what the ASEs have been told; containers that are gone tell nothing. */
function networkPlanOf(containers: readonly Container[]): NetworkPlan {
  const ases = containers.filter(({ service }) => (ASE_NAMES as readonly string[]).includes(service));
  return {
    core: ases.every(({ network }) => network === null),
    livenet: ASE_NAMES.filter((name) =>
      ases.some(({ service, network }) => service === name && network === 'livenet'),
    ),
  };
}

/** Up, or on its way up again. One-shots do not count: they are there to end. */
export function isAlive({ oneShot, status }: Container): boolean {
  return !oneShot && ['running', 'restarting', 'paused'].includes(status);
}

/** Where a service is reached from this machine; null when only other containers reach it. */
export function urlOf({ service, published }: Container): string | null {
  const port = published[PORTS_INSIDE[service] ?? -1];
  return port === undefined ? null : `http://${LOOPBACK}:${port}`;
}

/** Whether a container does its work, and if not, why. */
export async function containerHealth(run: ComposeRun, container: Container): Promise<Health> {
  const ailment = ailmentOf(container);
  if (ailment !== undefined) return { healthy: false, why: ailment };
  if (container.health === 'starting') return { healthy: false, why: 'has just started' };
  const url = HEALTH_INSIDE[container.service];
  if (url === undefined) return { healthy: true };
  try {
    const { status } = await getInside(run.docker, run.containers, url, PROBE_TIMEOUT_MS);
    return status === 200 ? { healthy: true } : { healthy: false, why: `answers ${status}` };
  } catch (error) {
    return { healthy: false, why: messageOf(error) };
  }
}

const SECRETS = z.object({ adminToken: z.string() });

/** The admin token of the ASEs, out of the volume that the first start put it into. */
export async function readAdminToken({ docker, containers }: ComposeRun): Promise<string> {
  const holders = ['cloud-nine', 'happy-life', 'global-bank', 'traffic'];
  const text = await readInside(docker, containers, holders, '/secrets/secrets.json');
  return SECRETS.parse(JSON.parse(text)).adminToken;
}

/** The password of Grafana's user `admin`; undefined when it is not Grafana that runs. */
export async function readGrafanaPassword({ docker, containers }: ComposeRun): Promise<string | undefined> {
  const file = '/run/grafana-secrets/admin-password';
  return readInside(docker, containers, ['grafana'], file).catch(() => undefined);
}

async function readInside(
  docker: Docker,
  containers: readonly Container[],
  services: readonly string[],
  file: string,
): Promise<string> {
  const holder = containers.find(({ service, status }) => services.includes(service) && status === 'running');
  if (!holder) throw new Error(`none of ${services.join(', ')} runs`);
  const { exitCode, stdout, stderr } = await docker.docker(['exec', holder.id, 'cat', file]);
  if (exitCode !== 0) throw new Error(`cannot read ${file} of ${holder.name}: ${stderr.trim()}`);
  return stdout;
}

/** For HTTP by URLs such as compose://collector:18889/metrics, from wherever in the verbs. */
export async function getFromInside(url: string, timeoutMs: number): Promise<Answer> {
  const run = await findComposeRun(loadSettings());
  if (!run) throw new Error('no playground runs in containers');
  return getInside(run.docker, run.containers, url, timeoutMs);
}

function isOnPath(program: string, { PATH = '' }: NodeJS.ProcessEnv): boolean {
  const suffixes = process.platform === 'win32' ? ['.exe'] : [''];
  return PATH.split(path.delimiter).some((folder) =>
    suffixes.some((suffix) => existsSync(path.join(folder, program + suffix))),
  );
}
