import { REPLICAS } from '../../collector/command.ts';
import type { NetworkName } from '../../telemetry/networkCatalogue.ts';
import { aseUrl, PORT_NAMES } from './aseComponents.ts';
import { loopbackUrl, type NetworkPlan } from './component.ts';
import { INSIDE } from './compose/inside.ts';
import { type ComposeRun, findComposeRun, readAdminToken, urlOf } from './compose/running.ts';
import type { PortName } from './env.ts';
import { VerbError } from './errors.ts';
import { jaegerUrl } from './jaegerComponent.ts';
import {
  balancerHealthUrl,
  networkExportUrls,
  networkMetricsUrls,
  networksOf,
  networkUrl,
} from './networkComponents.ts';
import { observe } from './running.ts';
import { loadSettings, type Settings } from './settings.ts';
import { type RunState, readRunState, readSecrets } from './state.ts';
import { type Ase, topology } from './topology.ts';
import { usageUrl } from './usageComponent.ts';

/** A running playground, seen from a verb that works with it. */
export interface Playground {
  settings: Settings;
  /** null: it runs in containers, whose state the engine knows. */
  run: RunState | null;
  ases: (Ase & { url: string })[];
  adminToken: string;
  prometheusUrl: string;
  /** What the collector says it forwarded. */
  collectorExportUrl: string;
  /** What the collector says about itself. */
  collectorMetricsUrl: string;
  /** What the collectors of each network that runs here say they passed on, by replica. */
  networkExportUrls: Partial<Record<NetworkName, string[]>>;
  /** What they say about themselves. */
  networkMetricsUrls: Partial<Record<NetworkName, string[]>>;
  /** Where the balancer before them says whether it is well. */
  balancerHealthUrls: Partial<Record<NetworkName, string>>;
  network: NetworkPlan;
  /** Prometheus fetches the ASEs' own metrics; the collector is not on their way. */
  pull: boolean;
  /** Where everybody may send network telemetry to. */
  testnetUrl: string;
  /** For senders beside our ASEs. */
  ratesUrl: string;
  /** The usage backend; undefined when there is none. */
  usageUrl: string | undefined;
  /** Where traces are; undefined when there are none (`up --core`). */
  jaegerUrl: string | undefined;
  /** Both chains that the ASEs settle on. */
  chainUrl: string;
  dashboardsUrl: string;
  /** Where alerts are told; null when they are not (`up --core`). */
  alerting: { alertmanagerUrl: string; sinkUrl: string } | null;
}

/** The running playground, or one clear line when there is none. */
export async function requirePlayground(): Promise<Playground> {
  const playground = await findPlayground();
  if (!playground) throw new VerbError('nothing runs: ./playground up starts it');
  return playground;
}

/** The running playground, even if only a part of it lives; undefined when nothing does. */
export async function findPlayground(): Promise<Playground | undefined> {
  const settings = loadSettings();
  const run = readRunState(settings.home);
  const secrets = readSecrets(settings.home);
  if (run && secrets && run.components.some((component) => observe(component).process)) {
    return describePlayground(settings, run, secrets.adminToken);
  }
  const composeRun = await findComposeRun(settings);
  return composeRun && describeCompose(settings, composeRun);
}

/** Where everything of a playground is, from how it was started. */
export function describePlayground(settings: Settings, run: RunState, adminToken: string): Playground {
  const { ports } = settings;
  return {
    settings,
    run,
    ases: topology(run.hops).map((ase) => ({ ...ase, url: aseUrl(settings, ase.name) })),
    adminToken,
    prometheusUrl: loopbackUrl(ports.PROMETHEUS_PORT),
    collectorExportUrl: `${loopbackUrl(ports.COLLECTOR_EXPORT_PORT)}/metrics`,
    collectorMetricsUrl: `${loopbackUrl(ports.COLLECTOR_METRICS_PORT)}/metrics`,
    network: run.network,
    pull: run.pull,
    ...networkPlaces(run.network, {
      exported: (network) => networkExportUrls(settings, network),
      metrics: (network) => networkMetricsUrls(settings, network),
      balancer: (network) => balancerHealthUrl(settings, network),
    }),
    testnetUrl: networkUrl(settings, 'testnet'),
    ratesUrl: `${loopbackUrl(ports.RATES_PORT)}/rates`,
    usageUrl: usageUrl(settings, run.network),
    jaegerUrl: jaegerUrl(settings, run.network),
    chainUrl: loopbackUrl(ports.CHAIN_PORT),
    dashboardsUrl: loopbackUrl(ports.DASHBOARDS_PORT),
    alerting: run.network.core
      ? null
      : {
          alertmanagerUrl: loopbackUrl(ports.ALERTMANAGER_PORT),
          sinkUrl: loopbackUrl(ports.ALERT_SINK_PORT),
        },
  };
}

async function describeCompose(settings: Settings, run: ComposeRun): Promise<Playground> {
  /** What is down has no port just now; it had the one of the settings, or will have it. */
  const publishedUrl = (service: string, port: PortName) => {
    const container = run.containers.find((one) => one.service === service);
    return (container && urlOf(container)) ?? loopbackUrl(settings.ports[port]);
  };
  return {
    settings,
    run: null,
    ases: topology(run.hops).map((ase) => ({ ...ase, url: publishedUrl(ase.name, PORT_NAMES[ase.name]) })),
    // Without any ASE nobody would take it.
    adminToken: await readAdminToken(run).catch(() => ''),
    prometheusUrl: publishedUrl('prometheus', 'PROMETHEUS_PORT'),
    collectorExportUrl: `${INSIDE}//collector:18889/metrics`,
    collectorMetricsUrl: `${INSIDE}//collector:18888/metrics`,
    network: run.network,
    pull: false,
    ...networkPlaces(run.network, {
      exported: (network) => replicaUrls(network, 24890),
      metrics: (network) => replicaUrls(network, 24888),
      balancer: (network) => `${INSIDE}//${network}-balancer:24132/`,
    }),
    testnetUrl: publishedUrl('testnet-balancer', 'TESTNET_PORT'),
    // Not published: for containers on the same network.
    ratesUrl: 'http://rates:14400/rates',
    jaegerUrl: run.network.core ? undefined : publishedUrl('jaeger', 'JAEGER_PORT'),
    usageUrl: run.network.core ? undefined : `${INSIDE}//usage:14500`,
    chainUrl: `${INSIDE}//chain:14600`,
    dashboardsUrl: publishedUrl(run.dashboards, 'DASHBOARDS_PORT'),
    alerting: run.network.core
      ? null
      : {
          alertmanagerUrl: publishedUrl('alertmanager', 'ALERTMANAGER_PORT'),
          sinkUrl: publishedUrl('alert-sink', 'ALERT_SINK_PORT'),
        },
  };
}

/** Of every network whose collectors run here. */
function networkPlaces(
  plan: NetworkPlan,
  of: {
    exported: (network: NetworkName) => string[];
    metrics: (network: NetworkName) => string[];
    balancer: (network: NetworkName) => string;
  },
): Pick<Playground, 'networkExportUrls' | 'networkMetricsUrls' | 'balancerHealthUrls'> {
  const each = <T>(place: (network: NetworkName) => T) =>
    Object.fromEntries(networksOf(plan).map((network) => [network, place(network)]));
  return {
    networkExportUrls: each(of.exported),
    networkMetricsUrls: each(of.metrics),
    balancerHealthUrls: each(of.balancer),
  };
}

/** Each replica has a container of its own, and so the same ports. */
function replicaUrls(network: NetworkName, port: number): string[] {
  return REPLICAS.map((replica) => `${INSIDE}//${network}-${replica}:${port}/metrics`);
}
