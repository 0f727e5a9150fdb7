import { memoryOf } from './processMemory.ts';
import { healthOf, observe } from './running.ts';
import type { RunState } from './state.ts';
import { columns, duration, mebibytes } from './text.ts';

export interface Status {
  /** running: all healthy; degraded: some are not; stopped: none of them lives. */
  state: 'running' | 'degraded' | 'stopped';
  mode: 'embedded' | 'compose' | null;
  hops: number | null;
  components: ComponentStatus[];
  /** Resident memory of all of them; pages that they share, such as Node's own code, count for each. */
  rssBytes: number;
  /** The same with shared pages counted once: what the machine would have back. Null where nothing tells it. */
  pssBytes: number | null;
}

export interface ComponentStatus {
  name: string;
  url: string | null;
  healthy: boolean;
  /** Why it is not healthy. */
  why: string | null;
  pid: number | null;
  rssBytes: number | null;
  uptimeSeconds: number | null;
}

export async function statusOf(run: RunState | undefined): Promise<Status> {
  const components = await Promise.all((run?.components ?? []).map(componentStatus));
  const alive = components.filter(({ pid }) => pid !== null);
  const state =
    alive.length === 0 ? 'stopped' : components.every(({ healthy }) => healthy) ? 'running' : 'degraded';
  return {
    state,
    mode: run?.mode ?? null,
    hops: run?.hops ?? null,
    components,
    rssBytes: alive.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0),
    pssBytes: sumOfPss(alive),
  };
}

function sumOfPss(alive: readonly ComponentStatus[]): number | null {
  const parts = alive.map(({ pid }) => memoryOf(pid!)?.pssBytes);
  return parts.some((bytes) => bytes === undefined)
    ? null
    : parts.reduce<number>((sum, bytes) => sum + bytes!, 0);
}

/** What all of them take, in words. */
export function residentText({ rssBytes, pssBytes }: Pick<Status, 'rssBytes' | 'pssBytes'>): string {
  if (pssBytes === null) return `${mebibytes(rssBytes)} resident in all`;
  return `${mebibytes(pssBytes)} resident in all (${mebibytes(rssBytes)} as a sum, where shared pages count for each)`;
}

async function componentStatus(component: RunState['components'][number]): Promise<ComponentStatus> {
  const health = await healthOf(component);
  const { process } = observe(component);
  return {
    name: component.name,
    url: component.url,
    healthy: health.healthy,
    why: health.healthy ? null : health.why,
    pid: process?.pid ?? null,
    rssBytes: process?.rssBytes ?? null,
    uptimeSeconds: process
      ? Math.max(0, Math.round((Date.now() - Date.parse(component.startedAt)) / 1000))
      : null,
  };
}

export function statusTable(status: Status): string {
  const rows = status.components.map(({ name, url, healthy, why, pid, rssBytes, uptimeSeconds }) => [
    name,
    healthy ? 'healthy' : 'NOT healthy',
    url ?? '-',
    pid === null ? '-' : `pid ${pid}`,
    rssBytes === null ? '-' : mebibytes(rssBytes),
    uptimeSeconds === null ? '-' : duration(uptimeSeconds),
    why ?? '',
  ]);
  return columns(rows, '  ');
}
