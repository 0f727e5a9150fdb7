import { UsageError, VerbError } from '../errors.ts';
import { type NetworkFlags, networkDifference, wantedNetwork } from '../networkFlags.ts';
import type { Settings } from '../settings.ts';
import { residentText, type Status, statusTable } from '../status.ts';
import type { Hops } from '../topology.ts';
import type { VerbResult } from '../verb.ts';
import { type ComposeRun, findComposeRun, isAlive, readGrafanaPassword } from './running.ts';
import { composeStatus } from './status.ts';
import { type ComposeUp, composeUp } from './up.ts';

/** The flags of `up`, as far as they matter in containers. */
export interface UpFlags extends NetworkFlags {
  hops?: string | undefined;
  noTraffic: boolean;
  grafana: boolean;
  viewer: boolean;
  host?: string | undefined;
}

/** `up --compose`, or a second `up` of what runs in containers already. */
export async function upInContainers(
  settings: Settings,
  flags: UpFlags,
  context: { say: (line: string) => void; signal: AbortSignal },
): Promise<VerbResult> {
  const running = await findComposeRun(settings);
  const { started, seconds } = await composeUp(settings, reconcile(running, flags), context);
  if (started.length === 0) {
    context.say('up already: every container is alive and healthy, nothing was started');
  }
  const run = await findComposeRun(settings);
  if (!run) throw new VerbError('the containers are gone again: docker compose logs may tell why');
  const status = await composeStatus(run);
  const secondsToFirstData = started.length === 0 ? null : Math.round(seconds * 10) / 10;
  return {
    report: { ...status, started, secondsToFirstData },
    text: await textOf(run, status, secondsToFirstData),
    ok: status.state === 'running',
  };
}

/** What the flags ask for, what runs already, and whether the two can be one. */
function reconcile(running: ComposeRun | undefined, flags: UpFlags): ComposeUp {
  if (flags.host !== undefined) {
    throw new UsageError('--host does not go with --compose: containers publish on 127.0.0.1 only');
  }
  if (flags.grafana && flags.viewer) {
    throw new UsageError('--grafana and --viewer: only one of them serves the boards');
  }
  const hops = flags.hops === undefined ? undefined : (Number(flags.hops) as Hops);
  const dashboards = flags.viewer ? 'viewer' : flags.grafana ? 'grafana' : undefined;
  const isFlowing = running?.containers.some((one) => one.service === 'traffic' && isAlive(one)) ?? false;
  // What runs already is left alone, traffic too.
  const traffic = isFlowing || !flags.noTraffic;
  if (!running) {
    const network = wantedNetwork(flags, hops ?? 1);
    return { hops: hops ?? 1, network, dashboards: dashboards ?? 'grafana', traffic };
  }
  const differences = [
    hops !== undefined && hops !== running.hops && `it has --hops ${running.hops}`,
    networkDifference(flags, running.network),
    dashboards !== undefined &&
      dashboards !== running.dashboards &&
      `its dashboard server is ${running.dashboards}`,
  ].filter((difference) => difference !== false);
  if (differences.length > 0) {
    throw new VerbError(
      `the playground runs already, and ${differences.join(', ')}: ./playground down first`,
    );
  }
  return { hops: running.hops, network: running.network, dashboards: running.dashboards, traffic };
}

async function textOf(run: ComposeRun, status: Status, secondsToFirstData: number | null): Promise<string> {
  const password = await readGrafanaPassword(run);
  const first = secondsToFirstData === null ? '' : `, first data after ${secondsToFirstData} s`;
  return [
    statusTable(status),
    '',
    `  ${residentText(status)}${first}`,
    `  dashboards: ${status.components.find(({ name }) => name === 'dashboards')?.url}`,
    ...(password === undefined ? [] : [`  Grafana's administrator: admin, password ${password}`]),
  ].join('\n');
}
