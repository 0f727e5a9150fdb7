import { z } from 'zod';
import type { NetworkName } from '../../../telemetry/networkCatalogue.ts';
import type { Docker } from './engine.ts';
import { troubleOf } from './trouble.ts';

/** A container of a compose project. */
export interface Container {
  id: string;
  name: string;
  service: string;
  /** The folder of its docker-compose.yml. */
  folder: string;
  /** Runs once and ends: not a part of what is up. */
  oneShot: boolean;
  status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  /** null: it has no health check. */
  health: 'starting' | 'healthy' | 'unhealthy' | null;
  /** What the last failed check said. */
  healthWords: string;
  exitCode: number;
  restarts: number;
  /** Its first process as the engine's host sees it; null when it does not run. */
  pid: number | null;
  startedAt: string;
  /** Of an ASE: whom it tells about its network. */
  network: NetworkName | null;
  /** Ports of this machine, by the port inside. */
  published: Record<number, number>;
}

const INSPECTED = z.array(
  z.object({
    Id: z.string(),
    Name: z.string(),
    RestartCount: z.number(),
    State: z.object({
      Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
      Pid: z.number(),
      ExitCode: z.number(),
      StartedAt: z.string(),
      Health: z
        .object({
          Status: z.enum(['none', 'starting', 'healthy', 'unhealthy']),
          Log: z.array(z.object({ Output: z.string() })).nullish(),
        })
        .nullish(),
    }),
    Config: z.object({ Labels: z.record(z.string(), z.string()), Env: z.array(z.string()).nullish() }),
    HostConfig: z.object({ RestartPolicy: z.object({ Name: z.string() }) }),
    NetworkSettings: z.object({
      Ports: z.record(z.string(), z.array(z.object({ HostPort: z.string() })).nullable()).nullish(),
    }),
  }),
);

/** All containers of a project, stopped ones too. */
export async function listContainers(docker: Docker, project: string): Promise<Container[]> {
  const filter = `label=com.docker.compose.project=${project}`;
  const list = await docker.docker(['ps', '--all', '--quiet', '--no-trunc', '--filter', filter]);
  if (list.exitCode !== 0) throw troubleOf('listing the containers', list.stderr);
  const ids = list.stdout.split('\n').filter(Boolean);
  if (ids.length === 0) return [];
  const inspected = await docker.docker(['inspect', '--type', 'container', ...ids]);
  // One that was removed in between makes inspect fail for itself, not for the others.
  if (inspected.stdout.trim() === '') throw troubleOf('inspecting the containers', inspected.stderr);
  return parseContainers(inspected.stdout);
}

/** From the output of `docker inspect`. */
export function parseContainers(json: string): Container[] {
  return INSPECTED.parse(JSON.parse(json))
    .map(({ Id, Name, RestartCount, State, Config, HostConfig, NetworkSettings }): Container => {
      const health = State.Health?.Status;
      return {
        id: Id,
        name: Name.replace(/^\//, ''),
        service: Config.Labels['com.docker.compose.service'] ?? '',
        folder: Config.Labels['com.docker.compose.project.working_dir'] ?? '',
        oneShot: ['', 'no'].includes(HostConfig.RestartPolicy.Name),
        status: State.Status,
        health: health === undefined || health === 'none' ? null : health,
        healthWords: State.Health?.Log?.at(-1)?.Output.trim() ?? '',
        exitCode: State.ExitCode,
        restarts: RestartCount,
        network: networkOf(Config.Env ?? []),
        pid: State.Pid > 0 ? State.Pid : null,
        startedAt: State.StartedAt,
        published: Object.fromEntries(
          Object.entries(NetworkSettings.Ports ?? {}).flatMap(([inside, outside]) =>
            outside?.[0] ? [[Number.parseInt(inside, 10), Number(outside[0].HostPort)]] : [],
          ),
        ),
      };
    })
    .sort((a, b) => a.service.localeCompare(b.service));
}

function networkOf(env: readonly string[]): NetworkName | null {
  if (!env.includes('ENABLE_TELEMETRY=true')) return null;
  return env.includes('LIVENET=true') ? 'livenet' : 'testnet';
}

/** The last lines of a container's log, both outputs, oldest first. */
export async function lastContainerLines(docker: Docker, id: string, count: number): Promise<string[]> {
  const { stdout, stderr } = await docker.docker(['logs', '--tail', String(count), id]);
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}

/** What is wrong with a container, in words, or undefined when nothing is. */
export function ailmentOf(container: Container): string | undefined {
  const { oneShot, status, health, healthWords, exitCode, restarts } = container;
  if (oneShot && status === 'exited') return exitCode === 0 ? undefined : `ended with exit code ${exitCode}`;
  if (status === 'restarting') return `ends again and again (exit code ${exitCode}, ${restarts} restarts)`;
  if (status !== 'running') return `is ${status}${status === 'exited' ? ` (exit code ${exitCode})` : ''}`;
  if (health === 'unhealthy') return `is unhealthy${healthWords ? `: ${healthWords}` : ''}`;
  if (health === 'starting' && restarts > 1) return `ends again and again (${restarts} restarts)`;
  return undefined;
}
