import path from 'node:path';
import { collectorArguments, collectorEnvironment } from '../../collector/command.ts';
import { prometheusArguments, prometheusEnvironment, type ScrapeTarget } from '../../prometheus/command.ts';
import { alertingComponents } from './alerting/components.ts';
import { aseComponents, aseUrl } from './aseComponents.ts';
import {
  baseEnvironment,
  COMPONENT_NAMES,
  type ComponentSpec,
  dataFolder,
  loopbackUrl,
  type NetworkPlan,
  nodeProgram,
  type Plan,
} from './component.ts';
import { dashboardsComponent } from './dashboardsComponent.ts';
import { jaegerComponents, jaegerOtlpUrl } from './jaegerComponent.ts';
import { networkComponents, networkScrapeTargets } from './networkComponents.ts';
import { LOOPBACK, type Settings } from './settings.ts';
import { secretsFile } from './state.ts';
import { END_ASES, WALLETS } from './topology.ts';
import { usageComponents, usageScrapeTargets } from './usageComponent.ts';

const COLLECTOR_PORTS = [
  'COLLECTOR_OTLP_GRPC_PORT',
  'COLLECTOR_OTLP_HTTP_PORT',
  'COLLECTOR_METRICS_PORT',
  'COLLECTOR_EXPORT_PORT',
  'COLLECTOR_HEALTH_PORT',
] as const;

/** How each component of a plan is started. */
export function componentsOf(plan: Plan): ComponentSpec[] {
  const components = [
    rates(plan),
    chain(plan),
    ...aseComponents(plan),
    collector(plan),
    ...networkComponents(plan),
    ...usageComponents(plan),
    prometheus(plan),
    ...jaegerComponents(plan),
    ...alertingComponents(plan),
    dashboardsComponent(plan),
    ...(plan.traffic ? [traffic(plan)] : []),
  ];
  return components.sort((a, b) => COMPONENT_NAMES.indexOf(a.name) - COMPONENT_NAMES.indexOf(b.name));
}

function rates({ settings, programs }: Plan): ComponentSpec {
  const port = settings.ports.RATES_PORT;
  const url = loopbackUrl(port);
  return {
    name: 'rates',
    url,
    healthUrl: `${url}/health`,
    listens: [{ host: LOOPBACK, port }],
    command: nodeProgram(programs, 'apps/rates/src/main.ts', 24, {
      RATES_HOST: LOOPBACK,
      RATES_PORT: String(port),
      RATES_DAY_FILE: path.join(dataFolder(settings, 'rates'), 'rates.json'),
    }),
  };
}

function chain({ settings, programs }: Plan): ComponentSpec {
  const port = settings.ports.CHAIN_PORT;
  const url = loopbackUrl(port);
  return {
    name: 'chain',
    url,
    healthUrl: `${url}/health`,
    listens: [{ host: LOOPBACK, port }],
    command: nodeProgram(programs, 'apps/chain/src/main.ts', 24, {
      CHAIN_HOST: LOOPBACK,
      CHAIN_PORT: String(port),
      CHAIN_FILE: path.join(dataFolder(settings, 'chain'), 'chains.sqlite'),
      CHAIN_SECRETS_FILE: secretsFile(settings.home),
    }),
  };
}

function collector({ settings, programs }: Plan): ComponentSpec {
  const { ports } = settings;
  const dataDir = dataFolder(settings, 'collector');
  return {
    name: 'collector',
    url: loopbackUrl(ports.COLLECTOR_OTLP_GRPC_PORT),
    healthUrl: loopbackUrl(ports.COLLECTOR_HEALTH_PORT),
    listens: COLLECTOR_PORTS.map((name) => ({ host: LOOPBACK, port: ports[name] })),
    command: {
      program: programs.otelcol,
      args: collectorArguments(),
      cwd: dataDir,
      env: {
        ...baseEnvironment(),
        ...collectorEnvironment({
          host: LOOPBACK,
          ports,
          dataDir,
          prometheusUrl: loopbackUrl(ports.PROMETHEUS_PORT),
          jaegerOtlpUrl: jaegerOtlpUrl(settings),
        }),
      },
    },
  };
}

function prometheus({ settings, programs, prometheusConfig }: Plan): ComponentSpec {
  const port = settings.ports.PROMETHEUS_PORT;
  const url = loopbackUrl(port);
  const dataDir = dataFolder(settings, 'prometheus');
  return {
    name: 'prometheus',
    url,
    healthUrl: `${url}/-/ready`,
    listens: [{ host: LOOPBACK, port }],
    command: {
      program: programs.prometheus,
      args: prometheusArguments({
        configFile: prometheusConfig,
        dataDir,
        listenAddress: `${LOOPBACK}:${port}`,
      }),
      cwd: dataDir,
      env: { ...baseEnvironment(), ...prometheusEnvironment() },
    },
  };
}

/** What Prometheus fetches by itself: the metrics of the programs that carry ours. */
export function scrapeTargets(settings: Settings, network: NetworkPlan): ScrapeTarget[] {
  const { ports } = settings;
  return [
    { address: `${LOOPBACK}:${ports.COLLECTOR_METRICS_PORT}`, job: 'collector', instance: 'operator' },
    ...networkScrapeTargets(settings, network),
    ...usageScrapeTargets(settings, network),
    { address: `${LOOPBACK}:${ports.PROMETHEUS_PORT}`, job: 'prometheus', instance: 'prometheus' },
  ];
}

function traffic({ settings, programs }: Plan): ComponentSpec {
  return {
    name: 'traffic',
    url: null,
    healthUrl: null,
    listens: [],
    command: nodeProgram(programs, 'apps/traffic/src/main.ts', 24, {
      TRAFFIC_SECRETS_FILE: secretsFile(settings.home),
      TRAFFIC_ASES: JSON.stringify(END_ASES.map((name) => ({ name, url: aseUrl(settings, name) }))),
      TRAFFIC_WALLETS: WALLETS.join(','),
    }),
  };
}
