import { chmod, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type AlertmanagerContext, renderAlertmanager } from '../../../prometheus/alerting/alertmanager.ts';
import { renderRules } from '../../../prometheus/alerting/rules.ts';
import { GUIDE_SLA } from '../../../prometheus/alerting/sla.ts';
import type { AlertingSettings } from '../env.ts';
import { messageOf, UsageError } from '../errors.ts';
import { replaceFile } from '../replaceFile.ts';
import { LOOPBACK, ROOT, type Settings } from '../settings.ts';
import { readPanelUrls } from './panelUrls.ts';

/** Where boards are by default, for the rules that the repository holds. */
const DEFAULT_DASHBOARDS_URL = `http://${LOOPBACK}:13000`;
/** In containers every service has its own address, and its port whatever is published. */
const COMPOSE_SINK_URL = 'http://alert-sink:19094/deliveries';

/** The rules that the repository holds: the guide's promises and times. */
export function committedRules(): string {
  return renderRules({ sla: GUIDE_SLA, speed: 1, panelUrl: readPanelUrls(DEFAULT_DASHBOARDS_URL) });
}

/** Alertmanager's configuration that the repository holds, and containers use. */
export function committedAlertmanager(): string {
  return renderAlertmanager({ sinkUrl: COMPOSE_SINK_URL, speed: 1 });
}

/** The rules of a playground, by its settings. */
export function rulesOf({ alerting, ports }: Pick<Settings, 'alerting' | 'ports'>): string {
  const panelUrl = readPanelUrls(`http://${LOOPBACK}:${ports.DASHBOARDS_PORT}`);
  return renderRules({ sla: alerting.sla, speed: alerting.speed, panelUrl });
}

/** Where containers find their rules; undefined: those of the repository say what the settings say. */
export function composeRulesFolder({ home, alerting }: Settings): string | undefined {
  const isGuide = isDeepStrictEqual(alerting.sla, GUIDE_SLA) && alerting.speed === 1;
  return isGuide ? undefined : path.join(home, 'compose', 'rules');
}

/** Writes the rules for containers, if they need others than the repository's; the containers' users may read them. */
export async function writeComposeRules(settings: Settings): Promise<void> {
  const folder = composeRulesFolder(settings);
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'playground.yml');
  replaceFile(file, rulesOf(settings));
  await chmod(file, 0o644);
  await chmod(folder, 0o755);
}

/**
 * Writes the Alertmanager configuration of a playground into its state folder.
 * @returns its path
 * @throws UsageError when a file with a secret is not there, empty, or open to others
 */
export async function writeAlertmanagerConfig({ home, ports, alerting }: Settings): Promise<string> {
  const receivers = await optionalReceivers(alerting);
  const file = path.join(home, 'alertmanager', 'alertmanager.yml');
  await mkdir(path.dirname(file), { recursive: true });
  const sinkUrl = `http://${LOOPBACK}:${ports.ALERT_SINK_PORT}/deliveries`;
  replaceFile(file, renderAlertmanager({ sinkUrl, speed: alerting.speed, ...receivers }));
  return file;
}

async function optionalReceivers({
  slackUrlFile,
  slackChannel,
  pagerdutyKeyFile,
}: AlertingSettings): Promise<Pick<AlertmanagerContext, 'slack' | 'pagerduty'>> {
  const problems: string[] = [];
  const secret = async (name: string, text: string) => {
    const file = path.resolve(ROOT, text);
    const problem = await problemOf(file);
    if (problem) problems.push(`${name}=${text} ${problem}`);
    return file;
  };
  const receivers = {
    ...(slackUrlFile && {
      slack: { urlFile: await secret('ALERT_SLACK_URL_FILE', slackUrlFile), channel: slackChannel },
    }),
    ...(pagerdutyKeyFile && {
      pagerduty: { keyFile: await secret('ALERT_PAGERDUTY_KEY_FILE', pagerdutyKeyFile) },
    }),
  };
  if (problems.length > 0) throw new UsageError('receivers of alerts are not ready', problems);
  return receivers;
}

async function problemOf(file: string): Promise<string | undefined> {
  try {
    const { mode, size } = await stat(file);
    if ((mode & 0o077) !== 0) return 'can be read by others: chmod 600 closes it';
    return size === 0 ? 'is empty' : undefined;
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`;
  }
}
