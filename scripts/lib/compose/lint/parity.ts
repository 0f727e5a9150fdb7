import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connectorTargets } from '../../alerting/components.ts';
import type { Plan } from '../../component.ts';
import { componentsOf, scrapeTargets } from '../../components.ts';
import { readEnv } from '../../env.ts';
import { k6Environment } from '../../load/k6.ts';
import { ROOT } from '../../settings.ts';
import type { Hops } from '../../topology.ts';
import type { Config, Service } from './model.ts';

/** Differ by nature: places of files, and what has its default. */
const OWN =
  /^(ASE_DATA_DIR|ASE_WALLETS|\w*SECRETS_FILE|RATES_DAY_FILE|CHAIN_FILE|USAGE_DATA_FILE|TRAFFIC_WALLETS|NODE_COMPILE_CACHE|COLLECTOR_\w+_PORT|COLLECTOR_DATA_DIR)$/;
/** Container addresses, and what the same thing is without containers. */
const ADDRESSES: [RegExp, string][] = [
  [/http:\/\/prometheus:9090/g, 'http://127.0.0.1:19090'],
  [
    /http:\/\/(?:cloud-nine|happy-life|global-bank|rates|chain|usage|collector|jaeger|testnet-balancer):/g,
    'http://127.0.0.1:',
  ],
  [/\b0\.0\.0\.0\b/g, '127.0.0.1'],
];

/**
 * Where docker-compose.yml starts a program otherwise than `up` does without containers: other flags, another
 * environment, another network of peers. Both are written down, so both have to agree.
 */
export function disparities(config: Config, hops: Hops): string[] {
  const plan = examplePlan(hops);
  // The dashboards are another server there, and the balancer another program.
  const components = componentsOf(plan).filter(({ name }) => !/^dashboards$|-balancer$/.test(name));
  const image = imageEnvironment();
  return components.flatMap(({ name, command }) => {
    const found = config.services[name];
    if (!found) return [`there is no service ${name}`];
    const service = { ...found, environment: { ...image, ...found.environment } };
    const faults = isThirdParty(command.program, plan)
      ? []
      : difference('arguments', command.args.map(relative), service.command ?? []);
    return [
      ...faults,
      ...(name === 'prometheus' || name === 'alertmanager' ? flagFaults(command.args, service) : []),
      ...environmentFaults(command.env, service),
    ].map((fault) => `${name} ${fault}`);
  });
}

/** Prometheus's own targets carry the same labels in both modes. */
export function targetFaults(file = path.join(ROOT, 'deploy/compose/prometheus-targets.json')): string[] {
  const ours = labelsIn(file);
  const { settings, network } = examplePlan(1);
  const theirs = scrapeTargets(settings, network).map(({ job, instance }) => `${job}/${instance}`);
  const connectors = ([1, 2] as const).flatMap((hops) =>
    difference(
      `connectors with ${hops} hop(s)`,
      connectorTargets(settings, hops).map(({ job, instance }) => `${job}/${instance}`),
      labelsIn(path.join(ROOT, `deploy/compose/hops-${hops}/connectors.json`)),
    ),
  );
  return [...difference('targets', theirs, ours), ...connectors];
}

/** k6 is told the same in a container as by `./playground load`. */
export function loadFaults(config: Config): string[] {
  const service = config.services.load;
  if (!service) return ['there is no service load'];
  return environmentFaults(k6Environment('127.0.0.1:14317'), {
    ...service,
    environment: Object.fromEntries(
      Object.entries(service.environment).map(([name, value]) => [
        name,
        value?.replace(/^collector:/, '127.0.0.1:') ?? null,
      ]),
    ),
  });
}

function labelsIn(file: string): string[] {
  const groups = JSON.parse(readFileSync(file, 'utf8')) as { labels: { job: string; instance: string } }[];
  return groups.map(({ labels }) => `${labels.job}/${labels.instance}`);
}

/** What the Dockerfile sets for all programs of ours. */
function imageEnvironment(): Record<string, string> {
  const text = readFileSync(path.join(ROOT, 'apps/Dockerfile'), 'utf8');
  const pairs = [...text.matchAll(/^ENV (.+)$/gm)].flatMap(([, line]) => line!.split(' '));
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
}

function environmentFaults(embedded: Record<string, string>, service: Service): string[] {
  return Object.entries(embedded).flatMap(([name, value]) => {
    if (OWN.test(name) || name in process.env) return [];
    const given = service.environment[name];
    if (given === undefined || given === null) return [`has no ${name}`];
    const here = canonical(given);
    const there = canonical(value);
    // More may be allowed than is there: the list holds global-bank whether or not it runs.
    const isSame = name.endsWith('_ALLOW_LIST')
      ? here.startsWith(there) || sameSet(here, there)
      : here === there;
    return isSame ? [] : [`has ${name}=${here}, without containers it is ${there}`];
  });
}

function sameSet(here: string, there: string): boolean {
  return there.split(',').every((origin) => here.split(',').includes(origin));
}

function canonical(value: string): string {
  const plain = ADDRESSES.reduce((text, [container, loopback]) => text.replace(container, loopback), value);
  try {
    return JSON.stringify(withoutPublicUrls(JSON.parse(plain)));
  } catch {
    return plain;
  }
}

/** Only containers need a second URL for the same ASE. */
function withoutPublicUrls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'publicUrl' ? undefined : inner)));
}

function isThirdParty(program: string, { programs }: Plan): boolean {
  return program !== programs.node;
}

/** All but the places of files and addresses. */
function flagFaults(args: readonly string[], service: Service): string[] {
  const places = /^--(config\.file|storage\.(tsdb\.)?path|web\.listen-address)=/;
  const flags = (words: readonly string[]) => words.filter((word) => !places.test(word)).toSorted();
  return difference('flags', flags(args), flags(service.command ?? []));
}

function difference(what: string, embedded: readonly string[], compose: readonly string[]): string[] {
  if (JSON.stringify(embedded) === JSON.stringify(compose)) return [];
  return [`has ${what} ${compose.join(' ')}, without containers they are ${embedded.join(' ')}`];
}

function relative(word: string): string {
  return path.isAbsolute(word) ? path.relative(ROOT, word) : word;
}

function examplePlan(hops: Hops): Plan {
  return {
    settings: { home: path.join(ROOT, '.playground'), ...readEnv({}) },
    hops,
    network: { core: false, livenet: [] },
    traffic: true,
    pull: false,
    dashboards: 'viewer',
    host: '127.0.0.1',
    programs: {
      node: 'node',
      otelcol: 'otelcol',
      prometheus: 'prometheus',
      alertmanager: 'alertmanager',
      jaeger: 'jaeger',
    },
    prometheusConfig: 'prometheus.yml',
    alertmanagerConfig: 'alertmanager.yml',
  };
}
