import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { networkComponentNames } from '../../networkComponents.ts';
import type { Status } from '../../status.ts';
import { type Container, lastContainerLines, listContainers } from '../containers.ts';
import type { Engine } from '../engine.ts';
import type { Project } from '../project.ts';
import type { Step, Trial } from './trial.ts';
import { mustRunVerb } from './verbs.ts';

interface Truth {
  equal: boolean;
  checked: number;
}

const RECOVERS_WITHIN_MS = 60_000;
const PAYMENTS = 30;
const CHOICE = { hops: 1, dashboards: 'viewer', network: { core: false, livenet: [] } } as const;
const TESTNET = networkComponentNames('testnet');

/** One after the other, each on what the one before has left. */
export const STEPS: readonly Step[] = [
  {
    name: 'plain `docker compose up --wait` comes up, and nothing of it ails',
    async run({ project, signal, note }) {
      const startedAtMs = Date.now();
      const words = ['up', '--detach', '--wait', '--no-build', '--wait-timeout', '180'];
      const { exitCode, stderr } = await project.compose(words, { choice: CHOICE, signal });
      if (exitCode !== 0) throw new Error(await describeFailure(project, stderr));
      note(`up in ${seconds(startedAtMs)} s`);
    },
  },
  {
    name: 'verbs find what plain compose started, in the shape that they have without containers',
    async run({ env, signal, note }) {
      const status = await mustRunVerb<Status>(env, signal, 'status');
      assert.equal(status.state, 'running');
      assert.equal(status.mode, 'compose');
      assert.deepEqual(
        status.components.map(({ name }) => name),
        [
          'rates',
          'chain',
          'cloud-nine',
          'happy-life',
          'collector',
          ...TESTNET,
          'usage',
          'prometheus',
          'jaeger',
          'alertmanager',
          'alert-sink',
          'dashboards',
          'traffic',
        ],
      );
      note(`${Math.round(status.rssBytes / 2 ** 20)} MiB resident`);
      const again = await mustRunVerb<{ started: string[] }>(env, signal, 'up');
      assert.deepEqual(again.started, [], 'a second up starts nothing');
    },
  },
  {
    name: `seed makes ${PAYMENTS} payments from the host, through the containers, into Prometheus`,
    async run({ env, signal }) {
      const words = ['--payments', String(PAYMENTS), '--seed', '4'];
      const { payments } = await mustRunVerb<{ payments: object }>(env, signal, 'seed', ...words);
      assert.deepEqual(payments, { requested: PAYMENTS, completed: PAYMENTS, failed: 0 });
    },
  },
  { name: 'every number is equal from the ledger to the panel', run: (trial) => truth(trial, '--panels') },
  {
    name: 'every container that is killed comes back by itself',
    async run(trial) {
      const { project, env, signal, note } = trial;
      const services = (await running(project)).map(({ service }) => service);
      assert.ok(services.length >= 11 + TESTNET.length, services.join(', '));
      for (const service of services) {
        const startedAtMs = Date.now();
        await killAndAwait(project, service, signal);
        note(`${service} is back after ${seconds(startedAtMs)} s`);
      }
      const status = await mustRunVerb<Status>(env, signal, 'status');
      assert.equal(status.state, 'running');
    },
  },
  {
    name: 'after all these kills new payments complete, and every number is still equal',
    async run(trial) {
      const { env, signal } = trial;
      const words = ['--payments', '10', '--seed', '5'];
      const { payments } = await mustRunVerb<{ payments: object }>(env, signal, 'seed', ...words);
      assert.deepEqual(payments, { requested: 10, completed: 10, failed: 0 });
      await truth(trial);
    },
  },
  {
    name: 'nothing inside may do more than it has to',
    async run({ project, signal }) {
      for (const { id, service } of await running(project)) {
        const isOurs = !['collector', ...TESTNET, 'prometheus', 'jaeger', 'alertmanager'].includes(service);
        if (!isOurs) continue;
        const script =
          'id -u; grep -E "^(CapEff|NoNewPrivs)" /proc/self/status; touch /etc/x 2>&1; command -v npm npx yarn';
        const { stdout } = await project.engine.docker(['exec', id, 'bash', '-c', script], { signal });
        const [user, capabilities, noNew, touch, ...managers] = stdout.trim().split('\n');
        assert.equal(user, '1000', service);
        assert.match(capabilities!, /CapEff:\s+0+$/, service);
        assert.match(noNew!, /NoNewPrivs:\s+1/, service);
        assert.match(touch!, /Read-only file system/, service);
        assert.deepEqual(managers, [], `${service} has a package manager`);
      }
    },
  },
  {
    name: 'down leaves no container, network or volume',
    async run({ project, env, signal, note }) {
      const startedAtMs = Date.now();
      await mustRunVerb(env, signal, 'down', '--volumes');
      note(`down in ${seconds(startedAtMs)} s`);
      assert.deepEqual(await leftovers(project), []);
      const again = await mustRunVerb<{ stopped: string[] }>(env, signal, 'down');
      assert.deepEqual(again.stopped, []);
    },
  },
  {
    name: 'with two hops, payments go by way of global-bank, and every number is equal',
    async run(trial) {
      const { env, signal, project } = trial;
      const flags = ['--compose', '--viewer', '--hops', '2', '--no-traffic'];
      const up = await mustRunVerb<Status & { started: string[] }>(env, signal, 'up', ...flags);
      assert.ok(up.started.includes('global-bank') && !up.started.includes('traffic'), up.started.join(', '));
      const { payments } = await mustRunVerb<{ payments: object }>(env, signal, 'seed', '--payments', '10');
      assert.deepEqual(payments, { requested: 10, completed: 10, failed: 0 });
      await truth(trial);
      await mustRunVerb(env, signal, 'down', '--volumes');
      assert.deepEqual(await leftovers(project), []);
    },
  },
];

/** What of a project the engine still has. */
async function leftovers({ engine, name }: Pick<Project, 'engine' | 'name'>): Promise<string[]> {
  const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${name}`];
  const lists = await Promise.all([
    engine.docker(['ps', '--all', ...filter]),
    engine.docker(['network', 'ls', ...filter]),
    engine.docker(['volume', 'ls', ...filter]),
  ]);
  return lists.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean));
}

async function truth({ env, signal, note }: Trial, ...words: string[]): Promise<void> {
  const { equal, checked } = await mustRunVerb<Truth>(env, signal, 'truth', ...words);
  assert.equal(equal, true);
  note(`${checked} numbers`);
}

async function running({ engine, name }: Project): Promise<Container[]> {
  return (await listContainers(engine, name)).filter(
    ({ oneShot, status }) => !oneShot && status === 'running',
  );
}

/** A crash, as the kernel would make it: `docker kill` would count as a stop by hand, after which nothing restarts. */
async function killAndAwait(project: Project, service: string, signal: AbortSignal): Promise<void> {
  const find = async () =>
    (await listContainers(project.engine, project.name)).find((one) => one.service === service)!;
  const before = await find();
  await killOnHost(project.engine, before.pid!);
  const deadline = Date.now() + RECOVERS_WITHIN_MS;
  for (;;) {
    const now = await find();
    const isBack = now.status === 'running' && now.pid !== before.pid && now.restarts > before.restarts;
    if (isBack && (now.health ?? 'healthy') === 'healthy') return;
    if (Date.now() > deadline) {
      const lines = await lastContainerLines(project.engine, now.id, 8);
      throw new Error(`${service} is ${now.status}, ${now.health} after its kill\n${lines.join('\n')}`);
    }
    await delay(200, undefined, { signal });
  }
}

/** Where the engine runs elsewhere (Docker Desktop), or for another user, by way of a container that sees its processes. */
async function killOnHost(engine: Engine, pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    const words = [
      'run',
      '--rm',
      '--pid=host',
      '--user=0',
      '--entrypoint=kill',
      process.env.NODE_IMAGE ?? 'node',
      '-9',
    ];
    await engine.docker([...words, String(pid)]);
  }
}

/** Everything that a reader needs: what compose said, who ails, and that one's last words. */
async function describeFailure(project: Project, stderr: string): Promise<string> {
  const containers = await listContainers(project.engine, project.name);
  const states = containers.map(
    ({ service, status, health, exitCode }) => `${service}: ${status} ${health ?? ''} (${exitCode})`,
  );
  const logs = await Promise.all(
    containers.map(async ({ id, service }) => [
      `— ${service}`,
      ...(await lastContainerLines(project.engine, id, 5)),
    ]),
  );
  return [stderr.trim().split('\n').slice(-5).join('\n'), ...states, ...logs.flat()].join('\n');
}

function seconds(sinceMs: number): string {
  return ((Date.now() - sinceMs) / 1000).toFixed(1);
}
