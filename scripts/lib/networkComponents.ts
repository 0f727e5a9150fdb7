import { networkCollectorArguments, networkCollectorEnvironment, REPLICAS } from '../../collector/command.ts';
import type { ScrapeTarget } from '../../prometheus/command.ts';
import { NETWORKS, type NetworkName } from '../../telemetry/networkCatalogue.ts';
import {
  baseEnvironment,
  type ComponentName,
  type ComponentSpec,
  dataFolder,
  loopbackUrl,
  type NetworkPlan,
  nodeProgram,
  type Plan,
} from './component.ts';
import type { PortName } from './env.ts';
import { LOOPBACK, type Settings } from './settings.ts';
import type { AseName } from './topology.ts';

type Replica = (typeof REPLICAS)[number];
type Purpose = 'otlp' | 'metrics' | 'exported' | 'health';

/** Where the ports of each network are set. */
const PORT_NAMES: Record<
  NetworkName,
  { balancer: PortName; balancerHealth: PortName; replicas: Record<Replica, Record<Purpose, PortName>> }
> = {
  testnet: {
    balancer: 'TESTNET_PORT',
    balancerHealth: 'TESTNET_BALANCER_HEALTH_PORT',
    replicas: {
      1: {
        otlp: 'TESTNET_1_OTLP_PORT',
        metrics: 'TESTNET_1_METRICS_PORT',
        exported: 'TESTNET_1_EXPORT_PORT',
        health: 'TESTNET_1_HEALTH_PORT',
      },
      2: {
        otlp: 'TESTNET_2_OTLP_PORT',
        metrics: 'TESTNET_2_METRICS_PORT',
        exported: 'TESTNET_2_EXPORT_PORT',
        health: 'TESTNET_2_HEALTH_PORT',
      },
    },
  },
  livenet: {
    balancer: 'LIVENET_PORT',
    balancerHealth: 'LIVENET_BALANCER_HEALTH_PORT',
    replicas: {
      1: {
        otlp: 'LIVENET_1_OTLP_PORT',
        metrics: 'LIVENET_1_METRICS_PORT',
        exported: 'LIVENET_1_EXPORT_PORT',
        health: 'LIVENET_1_HEALTH_PORT',
      },
      2: {
        otlp: 'LIVENET_2_OTLP_PORT',
        metrics: 'LIVENET_2_METRICS_PORT',
        exported: 'LIVENET_2_EXPORT_PORT',
        health: 'LIVENET_2_HEALTH_PORT',
      },
    },
  },
};

/** The components that are network collectors, and all that are there for networks. */
export const NETWORK_COLLECTORS = NETWORKS.flatMap((network) =>
  REPLICAS.map((replica) => `${network}-${replica}` as const),
);
export function networkComponentNames(network: NetworkName): ComponentName[] {
  return [`${network}-balancer`, ...REPLICAS.map((replica) => `${network}-${replica}` as const)];
}

/** More senders at once than a playground has; each may make a collector hold a message of a MiB. */
const MAX_CONNECTIONS = 32;

/** The networks whose collectors run. The testnet's are there for everybody, so also for a Rafiki that is no part of us. */
export function networksOf({ core, livenet }: NetworkPlan): NetworkName[] {
  return NETWORKS.filter((network) => !core && (network === 'testnet' || livenet.length > 0));
}

/** The network that an ASE tells; undefined when it tells none. */
export function networkOfAse({ core, livenet }: NetworkPlan, ase: AseName): NetworkName | undefined {
  if (core) return undefined;
  return livenet.includes(ase) ? 'livenet' : 'testnet';
}

/** Where senders send to. */
export function networkUrl({ ports }: Settings, network: NetworkName): string {
  return loopbackUrl(ports[PORT_NAMES[network].balancer]);
}

/** What the balancer says about its replicas. */
export function balancerHealthUrl({ ports }: Settings, network: NetworkName): string {
  return loopbackUrl(ports[PORT_NAMES[network].balancerHealth]);
}

/** What each replica says it has passed on. */
export function networkExportUrls({ ports }: Settings, network: NetworkName): string[] {
  return REPLICAS.map(
    (replica) => `${loopbackUrl(ports[PORT_NAMES[network].replicas[replica].exported])}/metrics`,
  );
}

/** What each replica says about itself. */
export function networkMetricsUrls({ ports }: Settings, network: NetworkName): string[] {
  return REPLICAS.map(
    (replica) => `${loopbackUrl(ports[PORT_NAMES[network].replicas[replica].metrics])}/metrics`,
  );
}

/** Collectors and balancer of every network that runs. */
export function networkComponents(plan: Plan): ComponentSpec[] {
  return networksOf(plan.network).flatMap((network) => [
    balancer(plan, network),
    ...REPLICAS.map((replica) => collector(plan, network, replica)),
  ]);
}

/** The collectors' own metrics. */
export function networkScrapeTargets({ ports }: Settings, plan: NetworkPlan): ScrapeTarget[] {
  return networksOf(plan).flatMap((network) =>
    REPLICAS.map((replica) => ({
      address: `${LOOPBACK}:${ports[PORT_NAMES[network].replicas[replica].metrics]}`,
      job: 'collector',
      instance: `${network}-${replica}`,
    })),
  );
}

/** How an ASE is told about its network, by the variables of a real Rafiki. */
export function networkEnvironment({ settings, network }: Plan, ase: AseName): Record<string, string> {
  const own = networkOfAse(network, ase);
  return {
    INSTANCE_NAME: ase,
    ENABLE_TELEMETRY: String(own !== undefined),
    LIVENET: String(own === 'livenet'),
    OPEN_TELEMETRY_COLLECTOR_URLS: own === undefined ? '' : networkUrl(settings, own),
    OPEN_TELEMETRY_EXPORT_INTERVAL: String(settings.networkExportIntervalMs),
    TELEMETRY_EXCHANGE_RATES_URL: `${loopbackUrl(settings.ports.RATES_PORT)}/rates`,
  };
}

function balancer({ settings, programs }: Plan, network: NetworkName): ComponentSpec {
  const { ports } = settings;
  const names = PORT_NAMES[network];
  return {
    name: `${network}-balancer`,
    url: networkUrl(settings, network),
    healthUrl: balancerHealthUrl(settings, network),
    listens: [names.balancer, names.balancerHealth].map((name) => ({ host: LOOPBACK, port: ports[name] })),
    command: nodeProgram(programs, 'apps/balancer/src/main.ts', 16, {
      BALANCER_NAME: `${network}-balancer`,
      BALANCER_HOST: LOOPBACK,
      BALANCER_PORT: String(ports[names.balancer]),
      BALANCER_HEALTH_PORT: String(ports[names.balancerHealth]),
      BALANCER_MAX_CONNECTIONS: String(MAX_CONNECTIONS),
      BALANCER_REPLICAS: REPLICAS.map((replica) => {
        const { otlp, health } = names.replicas[replica];
        return `${network}-${replica}=${LOOPBACK}:${ports[otlp]}/${ports[health]}`;
      }).join(','),
    }),
  };
}

function collector({ settings, programs }: Plan, network: NetworkName, replica: Replica): ComponentSpec {
  const name = `${network}-${replica}` as const;
  const portOf = (purpose: Purpose) => settings.ports[PORT_NAMES[network].replicas[replica][purpose]];
  const ports = {
    otlp: portOf('otlp'),
    metrics: portOf('metrics'),
    exported: portOf('exported'),
    health: portOf('health'),
  };
  return {
    name,
    url: loopbackUrl(ports.otlp),
    healthUrl: loopbackUrl(ports.health),
    listens: Object.values(ports).map((port) => ({ host: LOOPBACK, port })),
    command: {
      program: programs.otelcol,
      args: networkCollectorArguments(network),
      cwd: dataFolder(settings, name),
      env: {
        ...baseEnvironment(),
        ...networkCollectorEnvironment({
          host: LOOPBACK,
          ports,
          sources: settings.networkSources,
          prometheusUrl: loopbackUrl(settings.ports.PROMETHEUS_PORT),
        }),
      },
    },
  };
}
