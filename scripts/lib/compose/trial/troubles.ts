import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { LOOPBACK } from '../../settings.ts';
import { listContainers } from '../containers.ts';
import type { Step, Trial } from './trial.ts';
import { refusal } from './verbs.ts';

/** What goes wrong on an engine is said in words, and leaves nothing that runs. */
export const TROUBLES: readonly Step[] = [
  trouble('an engine that does not run', async ({ env, signal }) => {
    const nowhere = { ...env, DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const said = await refusal(nowhere, signal, 'up', '--compose');
    assert.match(
      said,
      /the Docker engine does not run \(nobody answers at unix:\/\/\/nowhere\/docker\.sock\)/,
    );
  }),
  trouble('an image that cannot be pulled', async ({ env, signal }) => {
    const said = await refusal({ ...env, GRAFANA_VERSION: '0.0.0' }, signal, 'up', '--compose', '--grafana');
    assert.match(said, /^cannot pull grafana\/grafana:0\.0\.0: /);
  }),
  trouble('a port that is taken', async ({ env, signal, settings }) => {
    const port = settings.ports.PROMETHEUS_PORT;
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(port, LOOPBACK, resolve));
    try {
      const said = await refusal(env, signal, 'up', '--compose', '--viewer');
      assert.match(said, /^nothing was started: 1 port taken\n/);
      assert.match(said, new RegExp(`port ${port} \\(prometheus\\) is taken by pid ${process.pid} `));
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  }),
  trouble('another project of the same name', async ({ env, signal, project }) => {
    const labels = { project: project.name, 'project.working_dir': '/somewhere/else', service: 'rates' };
    const words = Object.entries(labels).flatMap(([key, value]) => [
      '--label',
      `com.docker.compose.${key}=${value}`,
    ]);
    const image = `${project.name}-app:local`;
    const created = await project.engine.docker(['create', ...words, image, '--version'], { signal });
    try {
      const said = await refusal(env, signal, 'up', '--compose', '--viewer');
      assert.match(said, /another compose project named .* from \/somewhere\/else\n/);
      assert.match(said, /PLAYGROUND_PORT_OFFSET/);
    } finally {
      await project.engine.docker(['rm', created.stdout.trim()]);
    }
  }),
  trouble('a container that ends again and again', async ({ env, signal, project }) => {
    const volume = `${project.name}_cloud-nine`;
    const image = `${project.name}-app:local`;
    const damage = ['--entrypoint', 'bash', '--volume', `${volume}:/data`, image];
    const script = 'echo "this is no ledger" > /data/ledger.sqlite';
    const { exitCode, stderr } = await project.engine.docker(['run', '--rm', ...damage, '-c', script], {
      signal,
    });
    assert.equal(exitCode, 0, stderr);
    try {
      const said = await refusal(env, signal, 'up', '--compose', '--viewer');
      assert.match(said, /^cloud-nine (ends again and again|is exited|is unhealthy).*; its last lines:\n/);
      assert.match(said, /ledger/i);
    } finally {
      await project.compose(['down', '--volumes', '--timeout', '2'], { signal: undefined });
      await project.engine.docker(['volume', 'rm', volume]);
    }
  }),
];

function trouble(what: string, run: (trial: Trial) => Promise<void>): Step {
  return {
    name: `${what}: one clear message, and nothing runs`,
    async run(trial) {
      await run(trial);
      const { engine, name } = trial.project;
      const left = (await listContainers(engine, name)).map(({ service, status }) => `${service} ${status}`);
      assert.deepEqual(left, []);
    },
  };
}
