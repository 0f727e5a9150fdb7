import { COMPONENT_NAMES } from '../component.ts';
import { networkComponentNames, networksOf } from '../networkComponents.ts';
import type { ComponentStatus, Status } from '../status.ts';
import { END_ASES } from '../topology.ts';
import type { Container } from './containers.ts';
import type { Docker } from './engine.ts';
import { type ComposeRun, containerHealth, urlOf } from './running.ts';

/** As `status` tells of it, in the very shape of a playground without containers. */
export async function composeStatus(run: ComposeRun): Promise<Status> {
  const components = (
    await Promise.all(
      run.containers.filter(({ oneShot }) => !oneShot).map((container) => componentStatus(run, container)),
    )
  ).sort((a, b) => placeOf(a.name) - placeOf(b.name));
  const absent = expected(run)
    .filter((name) => !components.some((component) => component.name === name))
    .map((name) => ({ ...NOWHERE, name, why: 'its container is gone' }));
  const all = [...components, ...absent];
  return {
    state: all.every(({ healthy }) => healthy) ? 'running' : 'degraded',
    mode: 'compose',
    hops: run.hops,
    components: all,
    rssBytes: all.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0),
    pssBytes: null,
  };
}

const NOWHERE = { url: null, healthy: false, pid: null, rssBytes: null, uptimeSeconds: null };

function expected({ hops, network }: Pick<ComposeRun, 'hops' | 'network'>): string[] {
  return [
    'rates',
    'chain',
    ...END_ASES,
    ...(hops === 2 ? ['global-bank'] : []),
    'collector',
    ...networksOf(network).flatMap(networkComponentNames),
    ...(network.core ? [] : ['usage']),
    'prometheus',
    ...(network.core ? [] : ['jaeger', 'alertmanager', 'alert-sink']),
    'dashboards',
  ];
}

/** Both dashboard servers are the component `dashboards`. */
export function componentName({ service }: Pick<Container, 'service'>): string {
  return service === 'grafana' || service === 'viewer' ? 'dashboards' : service;
}

function placeOf(name: string): number {
  return (COMPONENT_NAMES as readonly string[]).indexOf(name);
}

async function componentStatus(run: ComposeRun, container: Container): Promise<ComponentStatus> {
  const [health, rssBytes] = await Promise.all([
    containerHealth(run, container),
    container.pid === null ? null : residentBytes(run.docker, container.id),
  ]);
  return {
    name: componentName(container),
    url: urlOf(container),
    healthy: health.healthy,
    why: health.healthy ? null : health.why,
    pid: container.pid,
    rssBytes,
    uptimeSeconds:
      container.pid === null
        ? null
        : Math.max(0, Math.round((Date.now() - Date.parse(container.startedAt)) / 1000)),
  };
}

/** Of all processes of a container, as the engine's own machine counts them. */
async function residentBytes(docker: Docker, id: string): Promise<number | null> {
  const { exitCode, stdout } = await docker.docker(['top', id, '-eo', 'pid,rss']);
  if (exitCode !== 0) return null;
  const kibibytes = stdout
    .split('\n')
    .slice(1)
    .map((line) => Number(line.trim().split(/\s+/)[1] ?? 0));
  return kibibytes.reduce((sum, kib) => sum + (Number.isFinite(kib) ? kib : 0), 0) * 1024;
}
