import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SEVERITIES } from '../../../prometheus/alerting/alert.ts';
import { writeAlertmanagerConfig } from '../alerting/files.ts';
import { loadSettings, ROOT } from '../settings.ts';
import { ensureTools } from '../tools/ensure.ts';
import { type Check, type CheckContext, type CheckResult, runCommand } from './check.ts';

const COMMITTED = path.join(ROOT, 'prometheus/alertmanager.yml');

/** Alertmanager's configuration, asked of its own tool: as committed, with everything switched on, and each route. */
export const ALERTMANAGER_CHECKS: readonly Check[] = [
  { name: 'Alertmanager configuration', run: (context) => amtool(context, ['check-config', COMMITTED]) },
  { name: 'Alertmanager configuration with Slack and PagerDuty', run: withReceivers },
  ...SEVERITIES.map((severity) => ({
    name: `alerts of severity ${severity} have their route`,
    run: (context: CheckContext) =>
      amtool(context, [
        ...['config', 'routes', 'test', `--config.file=${COMMITTED}`],
        ...[`--verify.receivers=${severity}`, `severity=${severity}`],
      ]),
  })),
];

async function withReceivers(context: CheckContext): Promise<CheckResult> {
  const home = await mkdtemp(path.join(tmpdir(), 'alertmanager-'));
  try {
    const [slackUrlFile, pagerdutyKeyFile] = [path.join(home, 'slack'), path.join(home, 'pagerduty')];
    await writeFile(slackUrlFile, 'https://hooks.example/none', { mode: 0o600 });
    await writeFile(pagerdutyKeyFile, 'none', { mode: 0o600 });
    const settings = loadSettings();
    const alerting = { ...settings.alerting, slackUrlFile, pagerdutyKeyFile };
    return await amtool(context, [
      'check-config',
      await writeAlertmanagerConfig({ ...settings, home, alerting }),
    ]);
  } finally {
    await rm(home, { recursive: true });
  }
}

async function amtool(context: CheckContext, words: readonly string[]): Promise<CheckResult> {
  const { amtool: program } = await ensureTools(['amtool'], context);
  const { exitCode, output } = await runCommand('amtool', [program, ...words], context);
  return exitCode === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output };
}
