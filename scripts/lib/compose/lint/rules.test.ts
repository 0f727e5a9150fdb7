import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { temporaryFolder } from '../../tools/testing/folders.ts';
import { namesOf, unusedNames } from './envUse.ts';
import { provisioningFaults, unknownSettings } from './grafanaSettings.ts';
import { type Config, parseConfig } from './model.ts';
import { RULES } from './rules.ts';

/** Loose on purpose: it stands for what compose prints. */
// biome-ignore lint/suspicious/noExplicitAny: the faults of the tests are faults of type too
type Loose = any;

const SOURCE = 'volumes: {data: {}}\nnetworks: {backend: {}, edge: {}}\n';
const ONE_SHOT = { restart: 'no', volumes: [] };

describe('the rules for docker-compose.yml', () => {
  /** A faultless file of four services. */
  const faultless = (t: TestContext): Loose => {
    const folder = temporaryFolder(t);
    mkdirSync(path.join(folder, 'apps'));
    writeFileSync(path.join(folder, 'apps/Dockerfile'), '');
    writeFileSync(path.join(folder, 'config.yml'), '');
    const common = {
      init: true,
      restart: 'unless-stopped',
      user: '1000:1000',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      logging: { driver: 'json-file', options: { 'max-size': '5m', 'max-file': '2' } },
      networks: { backend: null },
      deploy: { resources: { limits: { cpus: 0.5, memory: String(96 * 2 ** 20), pids: 32 } } },
    };
    // A copy, because its services share parts.
    return JSON.parse(
      JSON.stringify({
        services: {
          app: {
            ...common,
            image: 'p-app:local',
            build: { context: folder, dockerfile: 'apps/Dockerfile' },
            command: ['--max-old-space-size=48', 'apps/x/src/main.ts'],
            depends_on: { store: { condition: 'service_healthy' } },
            healthcheck: { test: ['CMD', 'true'] },
            networks: { backend: null, edge: null },
            ports: [{ host_ip: '127.0.0.1', published: '14100', target: 1 }],
            volumes: [{ type: 'volume', source: 'data' }],
          },
          store: {
            ...common,
            image: 'registry/store:v1.2',
            healthcheck: { test: ['CMD', 'true'] },
            volumes: [{ type: 'bind', source: path.join(folder, 'config.yml') }],
          },
          collector: { ...common, image: 'registry/collector:1.0' },
          gate: {
            ...common,
            ...ONE_SHOT,
            image: 'p-app:local',
            depends_on: { collector: { condition: 'service_started' } },
          },
        },
        networks: { backend: { internal: true }, edge: {} },
      }),
    );
  };
  const faultsOf = (config: Loose, source = SOURCE): string[] => {
    const parsed: Config = parseConfig(JSON.stringify(config), source);
    return RULES.flatMap(({ find }) => find(parsed));
  };

  test('find nothing in a file that is in order', (t) => {
    assert.deepEqual(faultsOf(faultless(t)), []);
  });

  /** What is wrong, where in `services` it is, the wrong value (undefined: it is gone), and the fault that is found. */
  const breaches: [string, string, unknown, RegExp][] = [
    ['no health check', 'store.healthcheck', undefined, /^store has no health check$/],
    ['a collector without gate', 'gate', undefined, /^collector has no health check$/],
    [
      'waiting for health that nobody looks after',
      'app.depends_on',
      { collector: { condition: 'service_healthy' } },
      /^app waits for the health of collector/,
    ],
    [
      'waiting for the end of what never ends',
      'app.depends_on.store.condition',
      'service_completed_successfully',
      /^app waits for the end of store/,
    ],
    ['root', 'app.user', '0:0', /^app runs as 0:0$/],
    ['the user of the image', 'app.user', undefined, /^app runs as whatever/],
    ['a root to write to', 'app.read_only', false, /^app has a root/],
    ['capabilities', 'app.cap_drop', [], /^app keeps capabilities$/],
    ['a capability of its own', 'app.cap_add', ['NET_ADMIN'], /^app adds .*NET_ADMIN$/],
    ['a way to new privileges', 'app.security_opt', [], /^app may gain/],
    ['all privileges', 'app.privileged', true, /^app is privileged$/],
    ['the network of the host', 'app.network_mode', 'host', /^app shares something by mode host$/],
    [
      'the socket of the engine',
      'app.volumes.0.source',
      '/var/run/docker.sock',
      /^app has the engine’s socket$/,
    ],
    ['no memory limit', 'store.deploy.resources.limits.memory', undefined, /^store has no memory limit$/],
    ['no limit of processes', 'store.deploy.resources.limits.pids', undefined, /^store has no limit of p/],
    ['no CPU limit', 'store.deploy.resources.limits.cpus', undefined, /^store has a CPU limit of 0$/],
    ['a log without end', 'store.logging', undefined, /^store has a log without limit$/],
    ['a misspelt restart policy', 'app.restart', 'unless-stoped', /^app has restart policy/],
    ['no init', 'app.init', false, /^app has no init process$/],
    ['a heap as large as the limit', 'app.command.0', '--max-old-space-size=96', /^app has --max-old/],
    ['the default heap', 'app.command.0', '--optimize-for-size', /^app has no heap size$/],
    ['an image without tag', 'store.image', 'registry:5000/store', /^store has image registry/],
    ['the latest image', 'store.image', 'store:latest', /^store has image store:latest$/],
    ['an image whose tag is blank', 'store.image', 'store:', /^store has image store:$/],
    ['a mount of nothing', 'store.volumes.0.source', '/nowhere/x.yml', /^store mounts \/nowhere\/x\.yml/],
    ['a Dockerfile that is gone', 'app.build.dockerfile', 'Dockerfile', /^app is built from/],
    ['a port for everybody', 'app.ports.0.host_ip', undefined, /^app publishes 14100 on every address$/],
    [
      'a port on an internal network',
      'app.networks',
      { backend: null },
      /^app publishes, but all its networks/,
    ],
    ['a way out that nobody needs', 'store.networks', { edge: null }, /^store publishes nothing, and yet/],
    [
      'a password in the environment',
      'store.environment',
      { ADMIN_PASSWORD: 'x' },
      /^store has ADMIN_PASSWORD=x/,
    ],
    ['one port twice', 'store.ports', [{ host_ip: '127.0.0.1', published: '14100' }], /both publish 14100$/],
    [
      'more memory than promised',
      'app.deploy.resources.limits.memory',
      String(1500 * 2 ** 20),
      /^they are 1692 MiB$/,
    ],
  ];
  for (const [what, place, value, fault] of breaches) {
    test(`find ${what}`, (t) => {
      const config = faultless(t);
      put(config.services, place.split('.'), value);
      const faults = faultsOf(config);
      assert.ok(
        faults.some((one) => fault.test(one)),
        `${fault} is not among:\n${faults.join('\n')}`,
      );
    });
  }

  test('find a volume and a network that nobody uses', (t) => {
    const source = 'volumes: {data: {}, old: {}}\nnetworks: {backend: {}, edge: {}, spare: {}}\n';
    assert.deepEqual(faultsOf(faultless(t), source), [
      'nobody mounts volume old',
      'nobody joins network spare',
    ]);
  });

  test('let two services have one port when only one of them can run', (t) => {
    const config = faultless(t);
    const { app } = config.services;
    config.services.viewer = { ...app, profiles: ['viewer'] };
    config.services.grafana = { ...app, profiles: ['grafana'] };
    delete config.services.app;
    assert.deepEqual(faultsOf(config), []);
  });
});

describe('names that nobody reads', () => {
  test('are found in .env', () => {
    assert.deepEqual(namesOf('# A=1\nB_C=2\n\nD=3\n'), ['B_C', 'D']);
    assert.deepEqual(unusedNames(['GRAFANA_VERSION', `NOBODY_${'READS'}`, 'COMPOSE_PROFILES']), [
      'NOBODY_READS',
    ]);
  });

  test('are found among Grafana’s settings, and what is provisioned has none', () => {
    assert.deepEqual(
      unknownSettings({
        GF_AUTH_ANONYMOUS_ENABLED: 'true',
        GF_SECURITY_ADMIN_PASSWORD__FILE: '/x',
        GF_PLUGINS_PREINSTALL_DISABLE: 'true',
        PROMETHEUS_URL: 'x',
      }),
      ['GF_PLUGINS_PREINSTALL_DISABLE'],
    );
    assert.deepEqual(provisioningFaults(), []);
  });
});

function put(target: Loose, [key, ...rest]: string[], value: unknown): void {
  if (rest.length > 0) put(target[key!], rest, value);
  else if (value === undefined) delete target[key!];
  else target[key!] = value;
}
