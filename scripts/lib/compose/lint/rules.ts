import { existsSync } from 'node:fs';
import path from 'node:path';
import { areAlternatives, type Config, isOneShot, limitsOf, type Service } from './model.ts';

/** What compose itself does not look at. `find` gives a line for each fault. */
export interface Rule {
  name: string;
  find(config: Config): string[];
}

const MAX_MEMORY_BYTES = 1.5 * 2 ** 30;
/** The part of a memory limit that V8's heap may take; code, buffers and SQLite need the rest. */
const MAX_HEAP_SHARE = 0.65;
/** Whose image has nothing to make a health check with, and the service that looks after it instead. */
const GATED: Record<string, string> = {
  collector: 'gate',
  'testnet-1': 'testnet-balancer',
  'testnet-2': 'testnet-balancer',
  'livenet-1': 'livenet-balancer',
  'livenet-2': 'livenet-balancer',
};

export const RULES: readonly Rule[] = [
  rule('every service has a health check, ends by itself, or has a gate', (service, name, config) => {
    if (service.healthcheck && !service.healthcheck.disable) return [];
    if (isOneShot(service)) return [];
    const gate = config.services[GATED[name] ?? ''];
    return gate?.depends_on[name] ? [] : ['has no health check'];
  }),
  rule('what others wait for can come true', (service, _name, config) =>
    Object.entries(service.depends_on).flatMap(([other, { condition }]) => {
      const target = config.services[other];
      if (!target) return [`waits for ${other}, which is no service`];
      if (condition === 'service_healthy' && !target.healthcheck) {
        return [`waits for the health of ${other}, which has no health check`];
      }
      if (condition === 'service_completed_successfully' && !isOneShot(target)) {
        return [`waits for the end of ${other}, which never ends`];
      }
      return [];
    }),
  ),
  rule('every service is hardened', (service) => [
    ...(/^[1-9]\d*:\d+$/.test(service.user) ? [] : [`runs as ${service.user || 'whatever its image says'}`]),
    ...(service.read_only ? [] : ['has a root that can be written to']),
    ...(service.cap_drop.includes('ALL') ? [] : ['keeps capabilities']),
    ...(service.cap_add.length === 0 ? [] : [`adds capabilities: ${service.cap_add.join(', ')}`]),
    ...(service.security_opt.includes('no-new-privileges:true') ? [] : ['may gain privileges']),
    ...(service.privileged ? ['is privileged'] : []),
    ...[service.network_mode, service.pid, service.ipc].flatMap((mode) =>
      mode === undefined || mode === 'none' ? [] : [`shares something by mode ${mode}`],
    ),
    ...(service.volumes.some(({ source }) => /docker\.sock$/.test(source))
      ? ['has the engine’s socket']
      : []),
  ]),
  rule('every service has limits', (service) => {
    const { cpus, memory, pids } = limitsOf(service);
    return [
      ...(cpus > 0 && cpus <= 1 ? [] : [`has a CPU limit of ${cpus}`]),
      ...(memory > 0 ? [] : ['has no memory limit']),
      ...(pids > 0 ? [] : ['has no limit of processes']),
      ...(service.logging?.options['max-size'] && service.logging.options['max-file']
        ? []
        : ['has a log without limit']),
    ];
  }),
  rule('restarts and zombies are looked after', (service) => [
    ...(['no', 'unless-stopped'].includes(service.restart ?? '')
      ? []
      : [`has restart policy ${service.restart}`]),
    ...(service.init ? [] : ['has no init process']),
  ]),
  rule('V8’s heap is set below the memory limit', (service) => {
    if (!service.command?.some((word) => word.endsWith('.ts'))) return [];
    const heap = service.command.find((word) => word.startsWith('--max-old-space-size='));
    const heapBytes = Number(heap?.split('=')[1] ?? Number.NaN) * 2 ** 20;
    return heapBytes <= limitsOf(service).memory * MAX_HEAP_SHARE ? [] : [`has ${heap ?? 'no heap size'}`];
  }),
  rule('images are pinned', (service, _name, { services }) => {
    const { image } = service;
    if (Object.values(services).some((other) => other.build && other.image === image)) return [];
    const tag = /:([\w][\w.-]*)$/.exec(image)?.[1];
    return tag && tag !== 'latest' ? [] : [`has image ${image || '(none)'}`];
  }),
  rule('what is mounted and built from is there', ({ volumes, build }) => [
    ...volumes.flatMap(({ type, source }) =>
      type === 'bind' && !existsSync(source) ? [`mounts ${source}, which is not there`] : [],
    ),
    ...(build && !existsSync(path.resolve(build.context, build.dockerfile))
      ? [`is built from ${build.dockerfile}, which is not there`]
      : []),
  ]),
  rule('ports are published on 127.0.0.1 alone', ({ ports }) =>
    ports.flatMap(({ host_ip, published }) =>
      host_ip === '127.0.0.1' ? [] : [`publishes ${published} on ${host_ip || 'every address'}`],
    ),
  ),
  rule('what publishes is on a network that can, and only that', (service, _name, { networks }) => {
    const isOpen = Object.keys(service.networks).some((name) => !networks[name]?.internal);
    if (service.ports.length > 0 && !isOpen) return ['publishes, but all its networks are internal'];
    return service.ports.length === 0 && isOpen ? ['publishes nothing, and yet its network leads out'] : [];
  }),
  rule('secrets come in files', ({ environment }) =>
    Object.entries(environment).flatMap(([name, value]) =>
      /(PASSWORD|SECRET|TOKEN)/.test(name) && !/_FILE$|^SECRETS_ASES$|^TRAFFIC_/.test(name)
        ? [`has ${name}=${value} in its environment`]
        : [],
    ),
  ),
  {
    name: 'no two services that run together have one port',
    find({ services }) {
      const all = Object.entries(services).flatMap(([name, service]) =>
        service.ports.map(({ published }) => ({ name, service, published })),
      );
      return all.flatMap((one, i) =>
        all
          .slice(i + 1)
          .filter(
            (other) => other.published === one.published && !areAlternatives(one.service, other.service),
          )
          .map((other) => `${one.name} and ${other.name} both publish ${one.published}`),
      );
    },
  },
  {
    name: 'every volume and network is used',
    find({ services, declared: { volumes, networks } }) {
      const all = Object.values(services);
      const mounted = new Set(all.flatMap((service) => service.volumes.map(({ source }) => source)));
      const joined = new Set(all.flatMap((service) => Object.keys(service.networks)));
      return [
        ...volumes.flatMap((name) => (mounted.has(name) ? [] : [`nobody mounts volume ${name}`])),
        ...networks.flatMap((name) => (joined.has(name) ? [] : [`nobody joins network ${name}`])),
      ];
    },
  },
  {
    name: 'the memory limits of what starts by default stay within 1.5 GiB',
    find({ services }) {
      // Of services that stand in for each other, only the largest counts.
      // One-shots end as the start does: the rest then has their memory too.
      const others = Object.values(services).filter(
        (service) => service.profiles.length === 0 && !isOneShot(service),
      );
      const servers = Object.values(services).filter(
        (service) => service.profiles.some(isDashboards) && !isOneShot(service),
      );
      const perProfile = Map.groupBy(servers, ({ profiles }) => profiles.find(isDashboards));
      const largest = Math.max(0, ...[...perProfile.values()].map(memoryOf));
      const sum = memoryOf(others) + largest;
      return sum <= MAX_MEMORY_BYTES ? [] : [`they are ${Math.round(sum / 2 ** 20)} MiB`];
    },
  },
];

function rule(name: string, find: (service: Service, name: string, config: Config) => string[]): Rule {
  return {
    name,
    find: (config) =>
      Object.entries(config.services).flatMap(([serviceName, service]) =>
        find(service, serviceName, config).map((fault) => `${serviceName} ${fault}`),
      ),
  };
}

function isDashboards(profile: string): boolean {
  return profile === 'grafana' || profile === 'viewer';
}

function memoryOf(services: readonly Service[]): number {
  return services.reduce((sum, service) => sum + limitsOf(service).memory, 0);
}
