import path from 'node:path';
import { z } from 'zod';
import { writePrometheusFolder } from '../prometheus/command.ts';
import { connectorTargets } from './lib/alerting/components.ts';
import { rulesOf, writeAlertmanagerConfig } from './lib/alerting/files.ts';
import { pullTargets } from './lib/aseComponents.ts';
import { type ComponentSpec, loopbackUrl, type Plan } from './lib/component.ts';
import { componentsOf, scrapeTargets } from './lib/components.ts';
import { findComposeRun } from './lib/compose/running.ts';
import { upInContainers } from './lib/compose/upVerb.ts';
import { UsageError, VerbError } from './lib/errors.ts';
import { NoDataError, waitForFirstData, waitForNetworkData } from './lib/firstData.ts';
import { ensureHistory } from './lib/history/ensureHistory.ts';
import { HISTORY_LIMITS, pastOf } from './lib/history/limits.ts';
import { withLock } from './lib/lock.ts';
import { networkDifference, wantedNetwork } from './lib/networkFlags.ts';
import { flag, integer, oneOf, valued } from './lib/options.ts';
import { findOrphans } from './lib/orphans.ts';
import { preparePrograms } from './lib/programs.ts';
import { observe } from './lib/running.ts';
import { LOOPBACK, loadSettings, type Settings } from './lib/settings.ts';
import { requireFreePorts, startComponents, stopComponents, waitUntilHealthy } from './lib/start.ts';
import {
  deleteRunState,
  ensureSecrets,
  type RunState,
  readRunState,
  secretsFile,
  writeRunState,
} from './lib/state.ts';
import { residentText, statusOf, statusTable } from './lib/status.ts';
import { ASE_NAMES, aseNames, type Hops } from './lib/topology.ts';
import { defineVerb, type VerbContext, type VerbResult } from './lib/verb.ts';
import { warmNode } from './lib/warmNode.ts';

const OPTIONS = {
  hops: valued(
    'N',
    '1: the two ASEs are peers (default), 2: global-bank stands between them',
    oneOf(['1', '2']).optional(),
  ),
  core: flag('without network telemetry and Alertmanager: what is the operator’s own, and nothing else'),
  pull: flag('Prometheus fetches the ASEs’ own metrics from them; else they send them to the collector'),
  livenet: valued(
    'NAME[,NAME]',
    'these ASEs are on the livenet, and opted in; all others are on the testnet',
    z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(oneOf(ASE_NAMES)))
      .optional(),
  ),
  history: valued(
    'Nd',
    'give it a past of so many days first, such as 30d, if it has no data yet (./playground backfill)',
    z
      .string()
      .regex(/^\d{1,3}d$/, 'must be a number of days such as 30d')
      .transform((text) => text.slice(0, -1))
      .pipe(integer(HISTORY_LIMITS.days))
      .optional(),
  ),
  noTraffic: flag('no background payments'),
  grafana: flag('a real Grafana instead of the built-in dashboard server; the default with --compose'),
  compose: flag('in containers, by docker-compose.yml'),
  viewer: flag('with --compose: the built-in dashboard server instead of Grafana'),
  host: valued(
    'ADDRESS',
    'where the dashboards listen; default 127.0.0.1, all else always stays there',
    z.string().min(1).optional(),
  ),
};
type Context = VerbContext<typeof OPTIONS>;

/** An ASE exports every second. */
const FRESH_MS = 10_000;
/** Another verb may be building the programs for minutes. */
const LOCK_WAIT_MS = 15 * 60_000;

export default defineVerb(import.meta, {
  summary: 'Starts the playground and waits until its dashboards have data.',
  details: 'What runs already is left alone, what has died is started again.',
  options: OPTIONS,
  json: true,
  async run(context) {
    const settings = loadSettings();
    return withLock(settings.home, 'up', { ...context, waitMs: LOCK_WAIT_MS }, () =>
      start(settings, context),
    );
  },
});

/** In containers if that is asked for, or if it is how the playground runs already. */
async function start(settings: Settings, context: Context): Promise<VerbResult> {
  const { compose, pull, history, ...flags } = context.options;
  const embedded = readRunState(settings.home)?.components.some((component) => observe(component).process);
  if (compose && embedded) {
    throw new VerbError('the playground runs already, without containers: ./playground down first');
  }
  if (!embedded && (compose || (await findComposeRun(settings)))) {
    if (pull) throw new UsageError('--pull does not go with --compose: containers send their metrics');
    if (history !== undefined) throw new UsageError('--history does not go with --compose');
    return upInContainers(settings, flags, context);
  }
  if (flags.viewer) throw new UsageError('--viewer goes with --compose; without it, it is the default');
  return up(settings, context);
}

async function up(settings: Settings, context: Context) {
  const { say, signal } = context;
  const before = readRunState(settings.home);
  const alive = (before?.components ?? []).filter((component) => observe(component).process);
  const orphans = findOrphans(settings.home, alive);
  if (orphans.length > 0) {
    say(`ending what a start that was killed left over: ${orphans.map(({ name }) => name).join(', ')}`);
    await stopComponents(orphans);
  }
  const wanted = reconcile(before && alive.length > 0 ? before : undefined, settings, context);
  const { history } = context.options;
  if (history !== undefined) {
    if (wanted.hops !== 1) throw new UsageError('--history goes with --hops 1: its past has two ASEs');
    await ensureHistory(settings, pastOf(history), context);
  }
  const secrets = ensureSecrets(settings.home, aseNames(2));
  const programs = await preparePrograms(
    { dashboards: wanted.dashboards, core: wanted.network.core, lateJaeger: true },
    secrets.grafanaAdminPassword,
    context,
  );

  const startedAtMs = Date.now();
  const { core } = wanted.network;
  const prometheusConfig = await writePrometheusFolder(path.join(settings.home, 'prometheus'), {
    targets: [
      ...scrapeTargets(settings, wanted.network),
      ...(wanted.pull ? pullTargets(settings, wanted.hops) : []),
    ],
    connectors: connectorTargets(settings, wanted.hops),
    rules: rulesOf(settings),
    ...(!core && { alertmanager: `${LOOPBACK}:${settings.ports.ALERTMANAGER_PORT}` }),
  });
  const alertmanagerConfig = core ? undefined : await writeAlertmanagerConfig(settings);
  const plan: Plan = {
    ...wanted,
    settings,
    traffic: !context.options.noTraffic,
    programs,
    prometheusConfig,
    alertmanagerConfig,
  };
  const specs = componentsOf(plan);
  const missing = specs.filter(({ name }) => !alive.some((component) => component.name === name));
  await requireFreePorts(missing);
  await warmNode(missing, signal);

  const { hops, network, pull, dashboards, host } = wanted;
  const startedAt = before && alive.length > 0 ? before.startedAt : new Date().toISOString();
  const run: RunState = {
    mode: 'embedded',
    hops,
    network: { core: network.core, livenet: [...network.livenet] },
    pull,
    dashboards,
    host,
    portOffset: settings.portOffset,
    startedAt,
    components: alive,
  };
  try {
    await startAll(plan, run, missing, context);
    signal.throwIfAborted();
  } catch (error) {
    if (error instanceof NoDataError) throw error;
    const ours = run.components.filter((component) => !alive.includes(component));
    if (ours.length > 0) say(`stopping what was started: ${ours.map(({ name }) => name).join(', ')}`);
    await stopComponents(ours);
    if (alive.length > 0) writeRunState(settings.home, { ...run, components: alive });
    else deleteRunState(settings.home);
    throw error;
  }
  const seconds = (Date.now() - startedAtMs) / 1000;
  return report(settings.home, run, missing, seconds, context);
}

/** All at once but for the traffic, which may begin only when Prometheus has seen every counter's start. */
async function startAll(
  plan: Plan,
  run: RunState,
  missing: ComponentSpec[],
  context: Context,
): Promise<void> {
  // Samples from before this start prove nothing about what it started.
  const sinceMs = missing.length > 0 ? Date.now() : Date.now() - FRESH_MS;
  const isTraffic = ({ name }: { name: string }) => name === 'traffic';
  await startComponents(
    plan,
    run,
    missing.filter((spec) => !isTraffic(spec)),
  );
  await waitUntilHealthy(run.components, context);
  const prometheusUrl = loopbackUrl(plan.settings.ports.PROMETHEUS_PORT);
  const ases = aseNames(plan.hops);
  await waitForFirstData(prometheusUrl, ases, sinceMs, context);
  if (!plan.network.core) await waitForNetworkData(prometheusUrl, ases, sinceMs, context);
  await startComponents(plan, run, missing.filter(isTraffic));
}

/** What the flags ask for, what runs already, and whether the two can be one. */
function reconcile(
  running: RunState | undefined,
  settings: Settings,
  { options, say }: Context,
): Pick<Plan, 'hops' | 'network' | 'pull' | 'dashboards' | 'host'> {
  const hops = options.hops === undefined ? undefined : (Number(options.hops) as Hops);
  const dashboards = options.grafana ? 'grafana' : undefined;
  const host = options.host;
  if (running) {
    const differences = [
      hops !== undefined && hops !== running.hops && `it has --hops ${running.hops}`,
      networkDifference(options, running.network),
      options.pull && !running.pull && 'its ASEs send their metrics to the collector',
      dashboards !== undefined &&
        dashboards !== running.dashboards &&
        'its dashboard server is the built-in one',
      host !== undefined && host !== running.host && `its dashboards listen on ${running.host}`,
      settings.portOffset !== running.portOffset && `its PLAYGROUND_PORT_OFFSET is ${running.portOffset}`,
    ].filter((difference) => difference !== false);
    if (differences.length > 0) {
      throw new VerbError(
        `the playground runs already, and ${differences.join(', ')}: ./playground down first`,
      );
    }
    return running;
  }
  if (host !== undefined && host !== LOOPBACK) {
    say(
      `warning: whoever reaches ${host}:${settings.ports.DASHBOARDS_PORT} can read the dashboards, without a password`,
    );
  }
  return {
    hops: hops ?? 1,
    network: wantedNetwork(options, hops ?? 1),
    pull: options.pull,
    dashboards: dashboards ?? 'viewer',
    host: host ?? LOOPBACK,
  };
}

async function report(
  home: string,
  run: RunState,
  missing: ComponentSpec[],
  seconds: number,
  { say }: Context,
): Promise<VerbResult> {
  const status = await statusOf(run);
  const started = missing.map(({ name }) => name);
  const late = run.components.filter(({ late }) => late).map(({ name }) => name);
  const notYet = status.components.filter(({ name, healthy }) => !healthy && late.includes(name));
  if (started.length === 0) {
    const others = notYet.length > 0 ? 'every other component' : 'every component';
    say(`up already: ${others} is alive and healthy, nothing was started`);
  }
  const secondsToFirstData = started.length === 0 ? null : Math.round(seconds * 10) / 10;
  const dashboardsUrl = status.components.find(({ name }) => name === 'dashboards')?.url;
  return {
    report: { ...status, started, secondsToFirstData },
    text: [
      statusTable(status),
      '',
      `  ${residentText(status)}${secondsToFirstData === null ? '' : `, first data after ${secondsToFirstData} s`}`,
      `  dashboards: ${dashboardsUrl}`,
      ...notYet.map(
        ({ name }) =>
          `  ${name} is not here yet: it is being downloaded or built beside all else, which may take minutes; ./playground logs --component ${name} says how far it is`,
      ),
      ...(run.dashboards === 'grafana'
        ? [`  Grafana's administrator: admin, password in ${secretsFile(home)}`]
        : []),
    ].join('\n'),
    ok: status.components.every((component) => component.healthy || notYet.includes(component)),
  };
}
