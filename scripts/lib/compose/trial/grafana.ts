import assert from 'node:assert/strict';
import { PAYMENTS_UID } from '../../../../grafana/src/boards/payments/names.ts';
import { get } from '../../http.ts';
import type { Status } from '../../status.ts';
import { lastContainerLines, listContainers } from '../containers.ts';
import { findComposeRun, readGrafanaPassword } from '../running.ts';
import type { Step, Trial } from './trial.ts';
import { mustRunVerb } from './verbs.ts';

/** What only a real Grafana can show; tried where its image can be had. */
export const GRAFANA_STEPS: readonly Step[] = [
  {
    name: 'Grafana comes up with its boards, its data source and nobody’s help',
    async run(trial) {
      const { env, signal, note } = trial;
      const { secondsToFirstData } = await mustRunVerb<{ secondsToFirstData: number }>(
        env,
        signal,
        'up',
        '--compose',
        '--grafana',
      );
      note(`first data after ${secondsToFirstData} s`);
      const url = await dashboardsUrl(trial);
      const boards = JSON.parse(await read(`${url}/api/search?type=dash-db`)) as { uid: string }[];
      assert.ok(boards.some(({ uid }) => uid === PAYMENTS_UID));
      const home = JSON.parse(await read(`${url}/api/dashboards/home`)) as { dashboard: { uid: string } };
      assert.equal(home.dashboard.uid, PAYMENTS_UID);
      const exact = encodeURIComponent('sum(increase(payments_total[1h] anchored))');
      const proxy = `${url}/api/datasources/proxy/uid/prometheus/api/v1/query?query=${exact}`;
      assert.match(await read(proxy), /"status":"success"/);
    },
  },
  { name: 'every number on Grafana’s panels is the ledger’s', run: truthOnPanels },
  {
    name: 'whoever comes may look and nothing else; the password that status prints is the administrator’s',
    async run(trial) {
      const url = await dashboardsUrl(trial);
      assert.ok([401, 403].includes((await get(`${url}/api/admin/settings`, { timeoutMs: 5000 })).status));
      const run = await findComposeRun(trial.settings, trial.env);
      const password = run && (await readGrafanaPassword(run));
      const credentials = Buffer.from(`admin:${password}`).toString('base64');
      const answer = await fetch(`${url}/api/admin/settings`, {
        headers: { authorization: `Basic ${credentials}` },
      });
      assert.equal(answer.status, 200);
      const settings = (await answer.json()) as Record<string, Record<string, string>>;
      assert.equal(settings.users?.allow_sign_up, 'false');
      assert.equal(settings.analytics?.reporting_enabled, 'false');
      assert.equal(settings.analytics?.check_for_updates, 'false');
      assert.equal(settings.plugins?.preinstall_disabled, 'true');
    },
  },
  {
    name: 'Grafana complains of nothing, and is gone after down',
    async run({ project, env, signal }) {
      const grafana = (await listContainers(project.engine, project.name)).find(
        ({ service }) => service === 'grafana',
      );
      const lines = await lastContainerLines(project.engine, grafana!.id, 1000);
      assert.deepEqual(
        lines.filter((line) => /level=error|Failed to install plugin|read-only file system/.test(line)),
        [],
      );
      await mustRunVerb(env, signal, 'down', '--volumes');
    },
  },
];

async function truthOnPanels({ env, signal }: Trial): Promise<void> {
  await mustRunVerb(env, signal, 'seed', '--payments', '10', '--seed', '6');
  const { equal } = await mustRunVerb<{ equal: boolean }>(env, signal, 'truth', '--panels');
  assert.equal(equal, true);
}

async function dashboardsUrl({ env, signal }: Trial): Promise<string> {
  const { components } = await mustRunVerb<Status>(env, signal, 'status');
  return components.find(({ name }) => name === 'dashboards')!.url!;
}

async function read(url: string): Promise<string> {
  const { status, body } = await get(url, { timeoutMs: 10_000 });
  assert.equal(status, 200, `${url} answers ${status} ${body.slice(0, 300)}`);
  return body;
}
